import type { Manifest } from './manifest.ts'

/** Returns the requirements of a runtime at a version. */
export function listRequirements(
  { package: name, requires, versions }: Pick<Manifest, 'package' | 'requires' | 'versions'>,
  version: string,
): string[] {
  const own = versions[version] ?? []
  const replaced = new Set(own.map(readPackageName))
  const rest = requires.filter((one) => !replaced.has(readPackageName(one)))
  const beside = [...rest, ...own.filter((one) => !one.startsWith('!'))]
  return [`${name}==${version}`, ...beside.map((one) => one.replaceAll('{version}', version))]
}

/** Returns the package of a requirement, in the spelling that Python's registries compare. */
function readPackageName(requirement: string): string {
  const [name = ''] = /[A-Za-z0-9._-]+/.exec(requirement.replace(/^!/, '')) ?? []
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/** Returns the requirements that name one version. */
export function listPins(requirements: readonly string[]): string[] {
  return requirements.filter((one) => /^[^<>=!~]+==[^,*]+$/.test(one))
}

/** Returns the packages of a lock, each at its version. */
export function applyPins(
  manifest: Pick<Manifest, 'package' | 'requires' | 'versions'>,
  version: string,
  lock: string,
): { named: string[]; beside: string[] } {
  const asked = new Set(listRequirements(manifest, version).map(readPackageName))
  const pins = [...lock.matchAll(/^([A-Za-z0-9][A-Za-z0-9._-]*==[^\s;\\]+)/gm)].map(([, pin = '']) => pin)
  return {
    named: pins.filter((pin) => asked.has(readPackageName(pin))),
    beside: pins.filter((pin) => !asked.has(readPackageName(pin))),
  }
}
