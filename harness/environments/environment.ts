import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DriverCommand, driverEnvironment } from './driver-command.ts'
import { EnvironmentError } from './errors.ts'
import { inexact, registryOf } from './exact.ts'
import { goProgram } from './go.ts'
import type { Manifest } from './manifest.ts'
import { pythonEnvironment } from './python.ts'

/** What the drivers of a language share. */
const drivers = (language: string) => fileURLToPath(new URL(`../../drivers/${language}`, import.meta.url))

/**
 * What starts the driver of a runtime at a version, with an environment of its own: made where it is not there yet, in
 * seconds, and reused. Throws an `EnvironmentError` that names the runtime, the version, what was found and expected.
 */
export async function environmentOf(
  manifest: Manifest,
  version: string,
  cache: string,
): Promise<DriverCommand> {
  const wrong = inexact(version, registryOf(manifest))
  if (wrong !== undefined) throw new EnvironmentError('version', manifest.name, version, wrong)
  return starting[manifest.language](manifest, version, cache)
}

const starting: Record<Manifest['language'], typeof environmentOf> = {
  async python(manifest, version, cache) {
    const folder = await pythonEnvironment(manifest, version, cache)
    const shared = drivers('python')
    const bin = join(folder, 'bin')
    const env = driverEnvironment(
      {
        VIRTUAL_ENV: folder,
        PYTHONPATH: shared,
        PYTHONNOUSERSITE: '1',
        PYTHONUTF8: '1',
        PYTHONUNBUFFERED: '1',
        // The order of sets is one of the things that must not differ from run to run.
        PYTHONHASHSEED: '0',
        // Compiled files lie in the cache, and none in the project's own folders.
        PYTHONPYCACHEPREFIX: join(folder, 'pycache'),
        ...manifest.env,
      },
      [bin],
    )
    const driver = join(manifest.folder, manifest.driver)
    return { command: join(bin, 'python'), args: ['-m', 'conformance_driver', driver], env }
  },
  async go(manifest, version, cache) {
    const command = await goProgram(manifest, version, drivers('go'), cache)
    return { command, args: [], env: driverEnvironment(manifest.env) }
  },
}
