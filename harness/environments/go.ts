import { readdirSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { readUserText } from '../../mocks/user-file.ts'
import { built } from './built.ts'
import { keyed } from './cache.ts'
import { lastWords, type Told, told } from './command.ts'
import { EnvironmentError } from './errors.ts'
import type { Manifest } from './manifest.ts'

/** No Go is downloaded: where there is none, or one too old, that is to be said. */
export const goSettings = { GOTOOLCHAIN: 'local', GOWORK: 'off' }

/** The program of a driver in Go, with its module at a version: go.sum is its lock; of another version one is made on demand. */
export async function goProgram(
  manifest: Manifest,
  version: string,
  shared: string,
  cache: string,
): Promise<string> {
  const { name, folder } = manifest
  const path = keyed(cache, 'programs', name, version, [...sourcesIn(folder), ...sourcesIn(shared)])
  await built(path, async (making) => {
    // The module finds what drivers share two folders above itself.
    const source = join(making, 'runtimes', name)
    await mkdir(join(making, 'drivers'), { recursive: true })
    await symlink(shared, join(making, 'drivers', basename(shared)))
    await cp(folder, source, { recursive: true })
    if (version !== manifest.version)
      await go(source, manifest, version, ['get', '--', `${manifest.package}@v${version}`])
    const flags = version === manifest.version ? ['-mod=readonly'] : ['-mod=mod']
    // The project's own git history is no part of the driver, and git would want the user's settings.
    const build = ['build', ...flags, '-trimpath', '-buildvcs=false', '-o', join(making, 'driver')]
    await go(source, manifest, version, [...build, '--', '.'])
  })
  return join(path, 'driver')
}

async function go(
  folder: string,
  manifest: Manifest,
  version: string,
  args: readonly string[],
): Promise<void> {
  const done = await told('go', 'go', args, { cwd: folder, env: goSettings })
  if (done.code === 0) return
  const [lacking, expected] = lackingOf(done, `${manifest.package} v${version}`)
  throw new EnvironmentError(lacking, `${manifest.name}@${version}`, lastWords(done), expected)
}

function lackingOf(said: Told, module: string): ['toolchain' | 'version' | 'install', string] {
  if (said.absent) return ['toolchain', 'Go on PATH']
  const [, needed] = /requires go >= ([\d.]+)/.exec(said.stderr) ?? []
  if (needed !== undefined) return ['toolchain', `Go ${needed} or later`]
  return /invalid version|unknown revision|no matching versions/.test(said.stderr)
    ? ['version', `${module} to be published`]
    : ['install', `a driver with ${module}`]
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.go$|^go\.(mod|sum)$/.test(name))
    .sort()
    .map((name) => `${name}\n${readUserText(join(folder, name))}`)
}
