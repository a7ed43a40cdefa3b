import { satisfies } from '@renovatebot/pep440'
import type { Manifest } from './manifest.ts'

/** Versions that were chosen for packages beside the runtime's own package, by the names of the packages. */
export type Beside = Readonly<Record<string, string>>

type Listed = Pick<Manifest, 'package' | 'requires' | 'versions' | 'with'>

/**
 * Returns the requirements of a runtime at a version. `beside` has the versions that were chosen for packages beside the runtime's
 * own. They stand in the place of what the manifest says of these packages.
 */
export function listRequirements(manifest: Listed, version: string, beside: Beside = {}): string[] {
  const chosen = new Map(Object.entries(beside).map(([name, one]) => [readPackageName(name), one]))
  const listed = listBeside(manifest, version, beside).map((one) => {
    const pin = chosen.get(readPackageName(one))
    return pin === undefined ? one : `${readPackageWithExtras(one)}==${pin}`
  })
  return [`${manifest.package}==${version}`, ...listed.map((one) => one.replaceAll('{version}', version))]
}

/** Returns the names of the packages beside a runtime's own at a version, in the spelling that Python's registries compare. */
export function listBesideNames(manifest: Listed, version: string, beside: Beside = {}): string[] {
  return listBeside(manifest, version, beside).map(readPackageName)
}

/** Returns what the manifest says of the packages beside a runtime's own. `{version}` is not yet replaced. */
function listBeside({ requires, versions, with: needs }: Listed, version: string, beside: Beside): string[] {
  const needed = Object.entries(needs)
    .filter(([condition]) => isMet(condition, beside))
    .flatMap(([, own]) => own)
  return replaceRequirements(replaceRequirements(requires, versions[version] ?? []), needed)
}

/** Returns requirements with others in the place of those of the same packages. `!name` takes a package away. */
function replaceRequirements(before: readonly string[], own: readonly string[]): string[] {
  const replaced = new Set(own.map(readPackageName))
  const rest = before.filter((one) => !replaced.has(readPackageName(one)))
  return [...rest, ...own.filter((one) => !one.startsWith('!'))]
}

/** Returns whether a chosen version fits a requirement such as `agentscope<2`. */
function isMet(condition: string, beside: Beside): boolean {
  const bounds = condition.slice(readPackageWithExtras(condition).length)
  return Object.entries(beside).some(
    ([name, version]) =>
      readPackageName(name) === readPackageName(condition) &&
      (bounds.trim() === '' || satisfies(version, bounds, { prereleases: true })),
  )
}

/** Returns the package of a requirement, in the spelling that Python's registries compare. */
export function readPackageName(requirement: string): string {
  const [name = ''] = /[A-Za-z0-9._-]+/.exec(requirement.replace(/^!/, '')) ?? []
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/** Returns the first part of a requirement: the package with its extras. */
function readPackageWithExtras(requirement: string): string {
  return /^[A-Za-z0-9._-]+(?:\[[^\]]*\])?/.exec(requirement)?.[0] ?? ''
}

/** Returns the requirements that name one version. */
export function listPins(requirements: readonly string[]): string[] {
  return requirements.filter((one) => /^[^<>=!~]+==[^,*]+$/.test(one))
}

/** Returns the packages of a lock, each at its version. */
export function applyPins(
  manifest: Listed,
  version: string,
  lock: string,
  beside: Beside = {},
): { named: string[]; beside: string[] } {
  const asked = new Set(listRequirements(manifest, version, beside).map(readPackageName))
  const pins = [...lock.matchAll(/^([A-Za-z0-9][A-Za-z0-9._-]*==[^\s;\\]+)/gm)].map(([, pin = '']) => pin)
  return {
    named: pins.filter((pin) => asked.has(readPackageName(pin))),
    beside: pins.filter((pin) => !asked.has(readPackageName(pin))),
  }
}
