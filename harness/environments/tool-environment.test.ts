import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listToolVariables, type Tool, withToolEnvironment } from './tool-environment.ts'

const tools: Tool[] = ['npm', 'python', 'go']

let own = ''
beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'tool-environment-'))
})
afterEach(() => rm(own, { recursive: true, force: true }))

test.each([
  ...['OPENAI_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'GITHUB_TOKEN', 'NPM_TOKEN', 'SSH_AUTH_SOCK'],
  ...['NODE_OPTIONS', 'LD_PRELOAD', 'PYTHONPATH', 'PYTHONSTARTUP', 'PYTHONHOME', 'VIRTUAL_ENV', 'BASH_ENV'],
  ...[
    'GOFLAGS',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_GLOBAL',
    'CGO_CFLAGS',
    'INIT_CWD',
    'UV_PROJECT',
    'CONDA_PREFIX',
  ],
  ...['npm_package_json', 'npm_lifecycle_event', 'npm_config_user_agent', 'npm_config_script_shell'],
  ...['npm_config_node_options', 'npm_config_prefix', 'PIP_TARGET', 'PIP_REQUIREMENT', 'PIP_USER'],
  ...['CONFORM_CLEAN', 'CONFORM_CACHE', 'XDG_CONFIG_HOME', 'NETRC', 'path'],
])('no tool is told of %s', (name) => {
  for (const tool of tools) expect(listToolVariables(tool, { [name]: 'x' }, own)).not.toHaveProperty([name])
})

test.each<[Tool, string]>([
  ...tools.flatMap((tool) =>
    ['PATH', 'LANG', 'TZ', 'HTTPS_PROXY', 'no_proxy', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE'].map(
      (name): [Tool, string] => [tool, name],
    ),
  ),
  ['npm', 'NODE_EXTRA_CA_CERTS'],
  ['npm', 'npm_config_registry'],
  ['npm', 'NPM_CONFIG_USERCONFIG'],
  ['npm', 'npm_config_@scope:registry'],
  ['npm', 'npm_config_//example.invalid/:_authToken'],
  ['npm', 'npm_config_cache'],
  ['python', 'PIP_INDEX_URL'],
  ['python', 'PIP_CERT'],
  ['python', 'UV_INDEX'],
  ['python', 'UV_INDEX_INTERNAL_PASSWORD'],
  ['python', 'UV_CACHE_DIR'],
  ['python', 'PYENV_ROOT'],
  ['go', 'GOPROXY'],
  ['go', 'GOPRIVATE'],
  ['go', 'GOMODCACHE'],
])('%s is told of %s, as the user has it', (tool, name) => {
  expect(listToolVariables(tool, { [name]: 'theirs' }, own)).toMatchObject({ [name]: 'theirs' })
})

test.each<[Tool, string]>([
  ['npm', 'PIP_INDEX_URL'],
  ['npm', 'UV_INDEX_INTERNAL_PASSWORD'],
  ['python', 'npm_config_//example.invalid/:_authToken'],
  ['go', 'npm_config_registry'],
])('%s is not told of %s, which is of another tool', (tool, name) => {
  expect(listToolVariables(tool, { [name]: 'x' }, own)).not.toHaveProperty([name])
})

test('npm alone is told of the variables that ~/.npmrc takes its tokens from', async () => {
  await writeFile(join(own, '.npmrc'), '//example.invalid/:_authToken=$' + '{NPM_TOKEN}\n')
  const given = { NPM_TOKEN: 'x', OTHER_TOKEN: 'y' }
  const told = listToolVariables('npm', given, own)
  expect(told).toMatchObject({ NPM_TOKEN: 'x' })
  expect(told).not.toHaveProperty('OTHER_TOKEN')
  for (const tool of ['python', 'go'] as const)
    expect(listToolVariables(tool, given, own)).not.toHaveProperty('NPM_TOKEN')
})

test('a HOME holds the settings of its tool alone, and is gone afterwards', async () => {
  for (const folder of ['.ssh', '.aws', '.config/uv', '.config/go'])
    await mkdir(join(own, folder), { recursive: true })
  for (const file of ['.ssh/id', '.aws/credentials', '.npmrc', '.config/uv/uv.toml', '.config/go/env'])
    await writeFile(join(own, file), file)
  const homes = new Map<Tool, string>()
  for (const tool of tools)
    await withToolEnvironment(tool, { HOME: own }, async ({ HOME = '' }) => {
      homes.set(tool, HOME)
      for (const file of ['.ssh', '.aws', '.config/gh']) expect(existsSync(join(HOME, file))).toBe(false)
      expect(existsSync(join(HOME, '.npmrc'))).toBe(tool === 'npm')
      expect(existsSync(join(HOME, '.config/uv/uv.toml'))).toBe(tool === 'python')
      expect(existsSync(join(HOME, '.config/go/env'))).toBe(tool === 'go')
    })
  for (const home of homes.values()) expect(existsSync(home)).toBe(false)
  // What the links point to is still there.
  expect(await readFile(join(own, '.npmrc'), 'utf8')).toBe('.npmrc')
})

test('caches stay those of the user, also where a variable has moved them', () => {
  expect(listToolVariables('go', {}, own)).toMatchObject({
    GOMODCACHE: join(own, 'go/pkg/mod'),
    GOCACHE: join(own, '.cache/go-build'),
  })
  const moved = { XDG_CACHE_HOME: '/elsewhere' }
  expect(listToolVariables('python', moved, own)).toMatchObject({ UV_CACHE_DIR: '/elsewhere/uv' })
  const relative = { XDG_CACHE_HOME: 'elsewhere' }
  expect(listToolVariables('python', relative, own)).toMatchObject({ UV_CACHE_DIR: join(own, '.cache/uv') })
})

test('npm finds the registry that the user has in ~/.npmrc', async () => {
  await writeFile(join(own, '.npmrc'), 'registry=https://registry.example.invalid/\n')
  const given = { PATH: process.env['PATH'], HOME: own }
  const told = await withToolEnvironment('npm', given, (env) =>
    promisify(execFile)('npm', ['config', 'get', 'registry'], { cwd: own, env }),
  )
  expect(told.stdout.trim()).toBe('https://registry.example.invalid/')
})

test('Go starts no process of its own that writes into HOME after Go has ended', async () => {
  const asked = await withToolEnvironment('go', process.env, (env) =>
    promisify(execFile)('go', ['env', 'GOTELEMETRY'], { env }),
  )
  expect(asked.stdout.trim()).toBe('off')
})

test('HOME goes away although a process still writes into it', async () => {
  const writes = `
    const { mkdirSync, writeFileSync } = require('node:fs')
    mkdirSync(process.env.HOME + '/state')
    const end = Date.now() + 300
    for (let number = 0; Date.now() < end; number++) {
      writeFileSync(process.env.HOME + '/state/' + number, '')
      if (number === 0) process.send('it has begun')
    }`
  const { home, child } = await withToolEnvironment('npm', process.env, async (env) => {
    const child = spawn(process.execPath, ['-e', writes], {
      env,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    await once(child, 'message')
    return { home: env.HOME, child }
  })
  expect(existsSync(home)).toBe(false)
  if (child.exitCode === null) await once(child, 'exit')
})
