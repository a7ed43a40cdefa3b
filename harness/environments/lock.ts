import { existsSync, lstatSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { toPrintable } from '../../mocks/printable.ts'
import { RecordingError } from '../../mocks/recordings/problem.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { buildReleasePath, formatRelease } from './beside.ts'
import { buildCachePath } from './cache.ts'
import { readLastLines, runCommand } from './command.ts'
import { EnvironmentError } from './errors.ts'
import type { Manifest } from './manifest.ts'
import { type Beside, listPins, listRequirements } from './requirements.ts'

const DAY = 86_400_000

/** Returns the path of the lock file for a version, perhaps with chosen packages beside it. */
export function lockPath({ folder }: Pick<Manifest, 'folder'>, version: string, beside?: Beside): string {
  return join(folder, 'locks', `${buildReleasePath(version, beside)}.txt`)
}

/**
 * Returns the lock file that a runtime's folder keeps for a version, undefined if there is none. Throws a
 * `RecordingError` if the file or its folder is a link: a folder from a stranger must not make us read or write elsewhere.
 */
export function readKeptLock(
  { folder }: Pick<Manifest, 'folder'>,
  version: string,
  beside?: Beside,
): string | undefined {
  const file = lockPath({ folder }, version, beside)
  for (const [path, place] of [
    [dirname(file), 'folder'],
    [file, 'file'],
  ] as const) {
    const status = lstatSync(path, { throwIfNoEntry: false })
    if (status === undefined) return undefined
    if (status.isSymbolicLink())
      throw new RecordingError({ file: path, place, found: 'a link', expected: `a ${place} of its own` })
  }
  return file
}

/** Returns whether a version has a lock file that fits its current requirements. */
export function isLocked(manifest: Manifest, version: string, beside?: Beside): boolean {
  const file = readKeptLock(manifest, version, beside)
  return file !== undefined && readUserText(file).startsWith(buildLockHead(manifest, version, beside))
}

/** Returns the first lines of a lock, which say from what it was made. */
function buildLockHead(manifest: Manifest, version: string, beside?: Beside): string {
  const { python } = manifest
  // A folder's name may hold a line break, and uv would read the next line as options.
  const requirements = listRequirements(manifest, version, beside).join(', ')
  return `# ${toPrintable(manifest.name)}@${formatRelease(version, beside)}, Python ${python}: ${requirements}. Made by conform lock`
}

/** Returns the lock of a runtime at a version with its chosen packages: the one in its folder, else a new one. */
export async function readOrResolveLock(
  manifest: Manifest,
  version: string,
  { uv, cache }: { uv: () => Promise<string>; cache: string },
  beside?: Beside,
): Promise<{ path: string; text: string }> {
  const kept = readKeptLock(manifest, version, beside)
  if (kept !== undefined) {
    const text = readUserText(kept)
    checkLock(text, kept)
    return { path: kept, text }
  }
  const from = [...listRequirements(manifest, version, beside), manifest.python, ...manifest.builds]
  const path = `${buildCachePath(cache, 'locks', manifest.name, buildReleasePath(version, beside), from)}.txt`
  if (!existsSync(path)) {
    await mkdir(dirname(path), { recursive: true })
    const making = `${path}.${process.pid}`
    await writeFile(making, await compileLock(manifest, version, await uv(), beside))
    await rename(making, path)
  }
  return { path, text: readUserText(path) }
}

/**
 * The lines that a lock may have: a package at one version, possibly for some platforms only, and hashes of files.
 */
const LINES = [
  /^(#[^\r]*)?$/,
  /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,-]+\])?==[A-Za-z0-9.!+]+( ; [^\\#\r]+)? \\$/,
  /^ +--hash=sha256:[0-9a-f]{64}( \\)?$/,
]

/**
 * Throws a `RecordingError` that names the line unless a lock holds nothing but packages with their hashes. uv would take
 * options in such a file, too, such as another index, and files and addresses in the place of a version.
 */
export function checkLock(text: string, file: string): void {
  for (const [index, line] of text.split('\n').entries())
    if (!LINES.some((shape) => shape.test(line)))
      throw new RecordingError({
        file,
        place: `line ${index + 1}`,
        found: line,
        expected: 'name==version with the sha256 of its files, as conform lock writes it',
      })
}

/**
 * Returns a new lock: every package at one version with the hashes of its files, for any platform. For an old
 * version, only packages count that were published until a day after it, if the registry says when.
 */
export async function compileLock(
  manifest: Manifest,
  version: string,
  uv: string,
  beside?: Beside,
): Promise<string> {
  const requirements = listRequirements(manifest, version, beside)
  const folder = await mkdtemp(join(tmpdir(), 'conform-lock-'))
  const compile = async (wanted: readonly string[], options: readonly string[]) => {
    const input = join(folder, 'requirements.in')
    await writeFile(input, `${wanted.join('\n')}\n`)
    const common = [
      'pip',
      'compile',
      '--quiet',
      '--no-header',
      '--universal',
      ...buildResolveOptions(manifest),
    ]
    const done = await runCommand('python', uv, [...common, ...options, '--', input], {
      cwd: folder,
      env: uvVariables,
    })
    if (done.code === 0) return done.stdout
    const subject = `${manifest.name}@${formatRelease(version, beside)}`
    throw new EnvironmentError(
      'version',
      subject,
      readLastLines(done),
      `versions that fit ${wanted.join(', ')}`,
    )
  }
  try {
    const dated = await compile(listPins(requirements), ['--no-deps', '--format', 'pylock.toml'])
    const until = findLastUpload(dated)
    const limit = until === undefined ? [] : ['--exclude-newer', until]
    const lock = await compile(requirements, ['--generate-hashes', '--no-annotate', ...limit])
    const when = until === undefined ? '' : `, of what was published until ${until}`
    return `${buildLockHead(manifest, version, beside)}${when}.\n${lock}`
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

/** Returns the time one day after the last upload in a `pylock.toml`. Returns undefined if it names no upload. */
export function findLastUpload(pylock: string): string | undefined {
  const times = [...pylock.matchAll(/upload-time = ([0-9T:.-]+Z)/g)].map(([, time = '']) => Date.parse(time))
  const known = times.filter((time) => !Number.isNaN(time))
  if (known.length === 0) return undefined
  return `${new Date(Math.max(...known) + DAY).toISOString().slice(0, 19)}Z`
}

/** uv must not download a Python: a missing one is reported. */
export const uvVariables = { UV_PYTHON_DOWNLOADS: 'never' }

function buildResolveOptions({ python, builds }: Manifest): string[] {
  const [, oldest = ''] = />=([\d.]+)/.exec(python) ?? []
  return ['--python-version', oldest, ...buildWheelOptions({ builds })]
}

/**
 * Returns the options that allow only wheels, which run no code while they are installed, except for packages that
 * the manifest names.
 */
export function buildWheelOptions({ builds }: Pick<Manifest, 'builds'>): string[] {
  return ['--only-binary', ':all:', ...builds.flatMap((name) => ['--no-binary', name])]
}
