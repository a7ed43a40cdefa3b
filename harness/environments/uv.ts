import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildOnce } from './built.ts'
import { buildCachePath } from './cache.ts'
import { readLastLines, runCommand } from './command.ts'
import { EnvironmentError } from './errors.ts'

/** The oldest uv that knows every option that is used here. */
const OLDEST = [0, 8, 0] as const

/** The lock file of the uv that is installed if the machine has none. */
const pinned = fileURLToPath(new URL('locks/uv.txt', import.meta.url))

/** Returns the path of uv: the one on PATH if it is new enough, else one that is installed into the cache. */
export async function installUv(cache: string): Promise<string> {
  const { code, stdout } = await runCommand('python', 'uv', ['--version'], { cwd: '/' })
  if (code === 0 && isNewEnough(stdout)) return 'uv'
  const folder = await installPythonTool(cache, 'uv', pinned)
  return join(folder, 'bin', 'uv')
}

/** Returns a folder with a tool that pip has installed by its hashes. */
export async function installPythonTool(cache: string, name: string, lock: string): Promise<string> {
  const [version = ''] = /(?<===)[\w.]+/.exec(readFileSync(lock, 'utf8')) ?? []
  const path = buildCachePath(cache, 'tools', name, version, [readFileSync(lock, 'utf8')])
  return buildOnce(path, async (folder) => {
    const python = await findPython()
    const made = await runCommand('python', python, ['-m', 'venv', '--', folder], { cwd: folder })
    if (made.code !== 0)
      throw new EnvironmentError(
        'toolchain',
        name,
        `${python} -m venv: ${readLastLines(made)}`,
        'Python with its module venv',
      )
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps']
    const safe = ['--require-hashes', '--only-binary', ':all:', '-r', lock]
    const installed = await runCommand('python', join(folder, 'bin', 'python'), [...pip, ...safe], {
      cwd: folder,
    })
    if (installed.code !== 0)
      throw new EnvironmentError(
        'toolchain',
        name,
        readLastLines(installed),
        `${name} ${version} on PATH, or a registry that has it`,
      )
    if (!existsSync(join(folder, 'bin', name)))
      throw new EnvironmentError('toolchain', name, `no bin/${name} in its wheel`, 'the program')
  })
}

async function findPython(): Promise<string> {
  const { code, stdout, stderr, absent } = await runCommand('python', 'python3', ['--version'], { cwd: '/' })
  const [, major, minor] = /Python (\d+)\.(\d+)/.exec(`${stdout}${stderr}`) ?? []
  if (code === 0 && Number(major) === 3 && Number(minor) >= 10) return 'python3'
  const found = absent || major === undefined ? 'no python3 on PATH' : `Python ${major}.${minor}`
  throw new EnvironmentError('toolchain', 'uv', found, 'Python 3.10 or later, or uv on PATH')
}

function isNewEnough(said: string): boolean {
  const found = (/uv (\d+)\.(\d+)\.(\d+)/.exec(said) ?? []).slice(1).map(Number)
  if (found.length < OLDEST.length) return false
  const differs = OLDEST.findIndex((part, place) => found[place] !== part)
  return differs === -1 || (found[differs] ?? 0) > (OLDEST[differs] ?? 0)
}
