import type { Subject } from '../vitest/settings.ts'
import { prepareDriver } from './environment.ts'
import { EnvironmentError } from './errors.ts'
import { hasManifest, readManifest } from './manifest.ts'
import { prepareNpmVersion } from './npm.ts'

/**
 * Returns a runtime with everything needed to run it: the environment of its driver, or its adapter at the version
 * that was asked for. If that is not possible, the subject says why; nothing is thrown.
 */
export async function prepareEnvironment(subject: Subject, cache: string): Promise<Subject> {
  try {
    const { folder, version, beside } = subject
    if (hasManifest(folder)) {
      const manifest = readManifest(folder)
      const driver = await prepareDriver(manifest, version ?? manifest.version, cache, beside)
      return { ...subject, driver }
    }
    return version === undefined
      ? subject
      : { ...subject, folder: await prepareNpmVersion(folder, version, cache) }
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return { ...subject, unavailable: { lacking: error.lacking, reason: error.message } }
  }
}
