import { readdirSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../../mocks/recordings/parse.ts'
import { parseBySchema } from '../../mocks/recordings/problem.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { buildOnce } from './built.ts'
import { buildCachePath } from './cache.ts'
import { type CommandResult, readLastLines, runCommand } from './command.ts'
import { copyFiles } from './copy-files.ts'
import { EnvironmentError } from './errors.ts'
import type { Manifest } from './manifest.ts'

/** Go downloads no other Go, so that an old one is reported. Without cgo, no C compiler runs on a driver's sources. */
export const goSettings = { GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' }

/** The module that drivers in Go share. */
const SHARED = 'agent-conformance/driver'

/** What `go mod edit -json` prints of the replacements. A replacement without a version is a path. */
const goMod = z.object({
  Replace: z
    .array(
      z.object({
        Old: z.object({ Path: z.string() }),
        New: z.object({ Path: z.string(), Version: z.string().optional() }),
      }),
    )
    .nullish(),
})

/**
 * Returns the program of a driver in Go with its module at a version. The lock is go.sum; for another version one is
 * made.
 */
export async function buildGoProgram(
  manifest: Manifest,
  version: string,
  shared: string,
  cache: string,
): Promise<string> {
  const { name, folder } = manifest
  const path = buildCachePath(cache, 'programs', name, version, [
    ...listSources(folder),
    ...listSources(shared),
  ])
  await buildOnce(path, async (making) => {
    // The module finds the shared code two folders above itself.
    const source = join(making, 'runtimes', name)
    await mkdir(join(making, 'drivers'), { recursive: true })
    await symlink(shared, join(making, 'drivers', basename(shared)))
    await copyFiles(folder, source)
    await checkReplacements(source, manifest, version, join(making, 'drivers', basename(shared)))
    if (version !== manifest.version)
      await runGo(source, manifest, version, ['get', '--', `${manifest.package}@v${version}`])
    const flags = version === manifest.version ? ['-mod=readonly'] : ['-mod=mod']
    // The driver does not need the project's git history, and git would want the user's settings.
    const build = ['build', ...flags, '-trimpath', '-buildvcs=false', '-o', join(making, 'driver')]
    await runGo(source, manifest, version, [...build, '--', '.'])
  })
  return join(path, 'driver')
}

/** Throws an `EnvironmentError` if go.mod replaces a module by a path outside its folder, except the shared drivers. */
async function checkReplacements(
  folder: string,
  manifest: Manifest,
  version: string,
  shared: string,
): Promise<void> {
  const file = 'go.mod'
  const text = await runGo(folder, manifest, version, ['mod', 'edit', '-json'])
  for (const { Old, New } of parseBySchema(goMod, parseJson(text, file), file).Replace ?? []) {
    if (New.Version !== undefined) continue
    const path = resolve(folder, New.Path)
    if (Old.Path === SHARED && path === shared) continue
    const from = relative(folder, path)
    if (from === '..' || from.startsWith(`..${sep}`))
      throw new EnvironmentError(
        'install',
        `${manifest.name}@${version}`,
        `replace ${Old.Path} => ${New.Path} in go.mod, which leads out of the module's folder`,
        `a path inside the folder, or ${SHARED} => ../../drivers/${basename(shared)}`,
      )
  }
}

async function runGo(
  folder: string,
  manifest: Manifest,
  version: string,
  args: readonly string[],
): Promise<string> {
  const done = await runCommand('go', 'go', args, { cwd: folder, env: goSettings })
  if (done.code === 0) return done.stdout
  const [lacking, expected] = classifyGoError(done, `${manifest.package} v${version}`)
  throw new EnvironmentError(lacking, `${manifest.name}@${version}`, readLastLines(done), expected)
}

function classifyGoError(said: CommandResult, module: string): ['toolchain' | 'version' | 'install', string] {
  if (said.absent) return ['toolchain', 'Go on PATH']
  const [, needed] = /requires go >= ([\d.]+)/.exec(said.stderr) ?? []
  if (needed !== undefined) return ['toolchain', `Go ${needed} or later`]
  return /invalid version|unknown revision|no matching versions/.test(said.stderr)
    ? ['version', `${module} to be published`]
    : ['install', `a driver with ${module}`]
}

function listSources(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.go$|^go\.(mod|sum)$/.test(name))
    .sort()
    .map((name) => `${name}\n${readUserText(join(folder, name))}`)
}
