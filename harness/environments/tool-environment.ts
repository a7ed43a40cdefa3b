import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

/** A package manager. Each gets only its own settings. */
export type Tool = 'npm' | 'python' | 'go'

/** Variables that every tool gets: where programs are, language, time zone, temporary folder. */
const BASICS = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot']

/** Variables that say how to reach the network and whom to trust. */
const NETWORK = [
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
]

interface Settings {
  /** Variables that say where the registries are, how they are reached and where packages are kept. */
  variables: string[]
  /** Patterns for such variables whose names include a registry. */
  patterns: RegExp[]
  /** Settings files of the user, which the tool looks for in HOME. */
  files: string[]
  /** Files that are written into the empty HOME, with their text. */
  given?: Record<string, string>
  /** The user's caches: the variable that names each, and its place in HOME. */
  caches: Record<string, string>
}

const settings: Record<Tool, Settings> = {
  npm: {
    variables: ['NODE_EXTRA_CA_CERTS'],
    // npm takes each setting as a variable in any case. A scope's registry and its token have names of their own.
    patterns: [
      /^npm_config_(registry|ca|cafile|cert|key|strict_ssl|proxy|https_proxy|noproxy|userconfig|globalconfig|cache)$/i,
      /^npm_config_(@[^:]+:registry|\/\/.+:_?(authToken|auth|username|password|certfile|keyfile))$/i,
    ],
    files: ['.npmrc'],
    caches: { npm_config_cache: '.npm' },
  },
  python: {
    variables: [
      ...['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS', 'PIP_NO_INDEX', 'PIP_TRUSTED_HOST'],
      ...['PIP_CERT', 'PIP_CLIENT_CERT', 'PIP_PROXY', 'PIP_CONFIG_FILE', 'PIP_CACHE_DIR'],
      ...['PIP_DEFAULT_TIMEOUT', 'PIP_TIMEOUT', 'PIP_RETRIES'],
      ...['UV_DEFAULT_INDEX', 'UV_INDEX', 'UV_INDEX_URL', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS'],
      ...['UV_INDEX_STRATEGY', 'UV_NO_INDEX', 'UV_INSECURE_HOST', 'UV_NATIVE_TLS', 'UV_SYSTEM_CERTS'],
      ...['UV_CONFIG_FILE', 'UV_HTTP_TIMEOUT', 'UV_OFFLINE', 'UV_PYTHON_PREFERENCE', 'PYENV_VERSION'],
    ],
    patterns: [/^UV_INDEX_[A-Z0-9_]+_(USERNAME|PASSWORD)$/],
    files: [
      ...['.config/pip/pip.conf', '.pip/pip.conf', 'Library/Application Support/pip/pip.conf'],
      '.config/uv/uv.toml',
    ],
    caches: {
      PIP_CACHE_DIR: '.cache/pip',
      UV_CACHE_DIR: '.cache/uv',
      UV_PYTHON_INSTALL_DIR: '.local/share/uv/python',
    },
  },
  go: {
    variables: [
      ...['GOPROXY', 'GONOPROXY', 'GOPRIVATE', 'GOSUMDB', 'GONOSUMDB', 'GONOSUMCHECK', 'GOINSECURE'],
      ...['GOAUTH', 'GOVCS', 'GOENV', 'GOROOT', 'GIT_SSL_CAINFO'],
    ],
    patterns: [],
    files: ['.config/go/env', 'Library/Application Support/go/env'],
    // Else Go starts a process of its own, which writes its telemetry into HOME even after Go has ended.
    given: {
      '.config/go/telemetry/mode': 'off\n',
      'Library/Application Support/go/telemetry/mode': 'off\n',
    },
    caches: { GOMODCACHE: 'go/pkg/mod', GOCACHE: '.cache/go-build' },
  },
}

/**
 * Version managers such as pyenv put small programs on PATH, and these start the real ones. The variables say where
 * the real programs are. Each has its default place below HOME.
 */
const SHIMS = {
  PYENV_ROOT: '.pyenv',
  VOLTA_HOME: '.volta',
  ASDF_DATA_DIR: '.asdf',
  MISE_DATA_DIR: '.local/share/mise',
  MISE_CONFIG_DIR: '.config/mise',
  RUSTUP_HOME: '.rustup',
}

/**
 * Calls `use` with the environment variables of a tool, and removes its HOME afterwards. A package's own code may run
 * while it is built. So only the variables named here are passed, and HOME is an empty folder with links to the
 * tool's own settings files. No variable switches this off.
 */
export async function withToolEnvironment<T>(
  tool: Tool,
  given: NodeJS.ProcessEnv,
  use: (env: Record<string, string> & { HOME: string }) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'conform-tool-'))
  try {
    const own = given['HOME'] || homedir()
    for (const file of settings[tool].files)
      await linkIfThere(resolveUserPath(file, own, given), join(home, file))
    for (const [file, text] of Object.entries(settings[tool].given ?? {}))
      await writeNew(join(home, file), text)
    return await use({ ...listToolVariables(tool, given, own), HOME: home })
  } finally {
    // A process that the tool started may still write here while it ends.
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

/** Returns the variables of a tool, without its HOME. `own`: the user's HOME, in which the caches are. */
export function listToolVariables(tool: Tool, given: NodeJS.ProcessEnv, own: string): Record<string, string> {
  const { variables, patterns, caches } = settings[tool]
  const passed = new Set([...BASICS, ...NETWORK, ...variables, ...Object.keys(caches), ...Object.keys(SHIMS)])
  const env: Record<string, string> = {}
  for (const [name, place] of Object.entries(SHIMS)) {
    const path = resolveUserPath(place, own, given)
    if (existsSync(path)) env[name] = path
  }
  for (const [name, place] of Object.entries(caches)) env[name] = resolveUserPath(place, own, given)
  if (tool === 'npm') for (const name of listNpmrcVariables(own, given)) passed.add(name)
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && (passed.has(name) || patterns.some((pattern) => pattern.test(name))))
      env[name] = value
  return env
}

/**
 * Returns the variables that the user's .npmrc reads, as in `_authToken=${NPM_TOKEN}`. npm runs without the scripts
 * of packages, so only npm sees them.
 */
function listNpmrcVariables(own: string, given: NodeJS.ProcessEnv): string[] {
  const file = given['NPM_CONFIG_USERCONFIG'] ?? given['npm_config_userconfig'] ?? join(own, '.npmrc')
  if (!existsSync(file)) return []
  const variables = readFileSync(file, 'utf8').matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\??\}/g)
  return [...variables].map(([, name = '']) => name)
}

/** Folders that a user may have elsewhere, by the variable of the XDG specification that says where. */
const MOVED = { XDG_CONFIG_HOME: '.config/', XDG_CACHE_HOME: '.cache/', XDG_DATA_HOME: '.local/share/' }

/** Returns the path of something that is in the user's HOME, `own`, unless a variable says that it is elsewhere. */
function resolveUserPath(place: string, own: string, given: NodeJS.ProcessEnv): string {
  for (const [name, folder] of Object.entries(MOVED)) {
    const moved = given[name]
    // The specification has paths that are not absolute ignored.
    if (place.startsWith(folder) && moved !== undefined && isAbsolute(moved))
      return join(moved, place.slice(folder.length))
  }
  return join(own, place)
}

async function linkIfThere(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  await mkdir(dirname(to), { recursive: true })
  await symlink(from, to)
}

async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
