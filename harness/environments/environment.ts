import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDriverEnvironment, type DriverCommand } from './driver-command.ts'
import { EnvironmentError } from './errors.ts'
import { chooseRegistry, findExactVersionError } from './exact.ts'
import { buildGoProgram } from './go.ts'
import type { Manifest } from './manifest.ts'
import { preparePythonEnvironment } from './python.ts'

/** What the drivers of a language share. */
const driverFolder = (language: string) =>
  fileURLToPath(new URL(`../../drivers/${language}`, import.meta.url))

/**
 * What starts the driver of a runtime at a version, with an environment of its own: made where it is not there yet, in
 * seconds, and reused. Throws an `EnvironmentError` that names the runtime, the version, what was found and expected.
 */
export async function prepareDriver(
  manifest: Manifest,
  version: string,
  cache: string,
): Promise<DriverCommand> {
  const wrong = findExactVersionError(version, chooseRegistry(manifest))
  if (wrong !== undefined) throw new EnvironmentError('version', manifest.name, version, wrong)
  return starting[manifest.language](manifest, version, cache)
}

const starting: Record<Manifest['language'], typeof prepareDriver> = {
  async python(manifest, version, cache) {
    const folder = await preparePythonEnvironment(manifest, version, cache)
    const shared = driverFolder('python')
    const bin = join(folder, 'bin')
    const env = buildDriverEnvironment(
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
    const command = await buildGoProgram(manifest, version, driverFolder('go'), cache)
    return { command, args: [], env: buildDriverEnvironment(manifest.env) }
  },
}
