import type { Manifest } from './manifest.ts'

/** What the environment of a runtime at a version holds, each as its registry takes it. */
export function requirementsOf(
  { package: name, requires, versions }: Pick<Manifest, 'package' | 'requires' | 'versions'>,
  version: string,
): string[] {
  const own = versions[version] ?? []
  const replaced = new Set(own.map(packageOf))
  const rest = requires.filter((one) => !replaced.has(packageOf(one)))
  const beside = [...rest, ...own.filter((one) => !one.startsWith('!'))]
  return [`${name}==${version}`, ...beside.map((one) => one.replaceAll('{version}', version))]
}

/** The package that a requirement is of, in the one spelling that registries of Python compare by. */
function packageOf(requirement: string): string {
  const [name = ''] = /[A-Za-z0-9._-]+/.exec(requirement.replace(/^!/, '')) ?? []
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/** Those of them that are bound to one version. */
export function pinsIn(requirements: readonly string[]): string[] {
  return requirements.filter((one) => /^[^<>=!~]+==[^,*]+$/.test(one))
}
