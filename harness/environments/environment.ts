import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDriverEnvironment, type DriverCommand } from './driver-command.ts'
import { EnvironmentError } from './errors.ts'
import { chooseRegistry, findExactVersionError } from './exact.ts'
import { buildGoProgram } from './go.ts'
import type { Manifest } from './manifest.ts'
import { preparePythonEnvironment } from './python.ts'
import type { Beside } from './requirements.ts'

/** Returns the folder with the code that all drivers of a language share. */
const driverFolder = (language: string) =>
  fileURLToPath(new URL(`../../drivers/${language}`, import.meta.url))

/**
 * Returns the command that starts the driver of a runtime at a version, in an environment of its own. `beside` has the chosen
 * versions of further packages, only for a runtime in Python. A new environment takes seconds; it is kept for later. Throws an `EnvironmentError` that names the runtime, the version,
 * what was found and what was expected.
 */
export async function prepareDriver(
  manifest: Manifest,
  version: string,
  cache: string,
  beside?: Beside,
): Promise<DriverCommand> {
  const wrong = findExactVersionError(version, chooseRegistry(manifest))
  if (wrong !== undefined) throw new EnvironmentError('version', manifest.name, version, wrong)
  return starting[manifest.language](manifest, version, cache, beside)
}

const starting: Record<Manifest['language'], typeof prepareDriver> = {
  async python(manifest, version, cache, beside) {
    const folder = await preparePythonEnvironment(manifest, version, cache, beside)
    const shared = driverFolder('python')
    const bin = join(folder, 'bin')
    const env = buildDriverEnvironment(
      {
        VIRTUAL_ENV: folder,
        PYTHONPATH: shared,
        PYTHONNOUSERSITE: '1',
        PYTHONUTF8: '1',
        PYTHONUNBUFFERED: '1',
        // The order of Python's sets must not differ from run to run.
        PYTHONHASHSEED: '0',
        // Compiled files go into the cache, not into the project's folders.
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
