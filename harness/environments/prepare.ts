import type { Subject } from '../vitest/settings.ts'
import { environmentOf } from './environment.ts'
import { EnvironmentError } from './errors.ts'
import { hasManifest, readManifest } from './manifest.ts'
import { npmVersion } from './npm.ts'

/**
 * A runtime with what it takes to run it: the environment of its driver, or its adapter beside the version that was asked
 * for. Where that is not to be had the subject says why; nothing is thrown for it.
 */
export async function prepared(subject: Subject, cache: string): Promise<Subject> {
  try {
    const { folder, version } = subject
    if (hasManifest(folder)) {
      const manifest = readManifest(folder)
      return { ...subject, driver: await environmentOf(manifest, version ?? manifest.version, cache) }
    }
    return version === undefined ? subject : { ...subject, folder: await npmVersion(folder, version, cache) }
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return { ...subject, unavailable: { lacking: error.lacking, reason: error.message } }
  }
}
