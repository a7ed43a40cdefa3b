import { lt, major } from '@renovatebot/pep440'
import type { Manifest } from './manifest.ts'
import { readPackageName } from './requirements.ts'

/**
 * Returns what was expected in place of a version of a Python package that is too old for a runtime's driver. Returns undefined if
 * the version is new enough, or if `oldest` in the manifest does not name the package. If `oldest` has several versions, each is the
 * lowest of its major version.
 */
export function findTooOldError(
  { oldest }: Pick<Manifest, 'oldest'>,
  name: string,
  version: string,
): string | undefined {
  const [, given = []] =
    Object.entries(oldest).find(([one]) => readPackageName(one) === readPackageName(name)) ?? []
  const lowest = [given].flat().sort((a, b) => (lt(a, b) ? -1 : 1))
  const ofMajor = lowest.find((one) => major(one) === major(version)) ?? lowest[0]
  if (ofMajor === undefined || !lt(version, ofMajor)) return undefined
  return `${name} ${lowest.map((one) => `${one} or later`).join(', or ')}, the lowest that the driver can run`
}
