import { describeKnownWords } from '../contract/nearest-words.ts'
import { findExactVersionError } from './exact.ts'
import type { Manifest } from './manifest.ts'
import { findTooOldError } from './oldest.ts'
import { type Beside, listBesideNames, listRequirements, readPackageName } from './requirements.ts'

/** Returns a version with the chosen packages as people read it, such as `0.9.0 with agentscope@1.0.19`. */
export function formatRelease(version: string, beside: Beside = {}): string {
  const chosen = sortByName(beside).map(([name, one]) => ` with ${name}@${one}`)
  return `${version}${chosen.join('')}`
}

/** Returns a version with the chosen packages as part of a path, such as `0.9.0--agentscope-1.0.19`. */
export function buildReleasePath(version: string, beside: Beside = {}): string {
  // No version contains a dash and no name two of them in a row, so two choices never share a path.
  return [version, ...sortByName(beside).map(([name, one]) => `${readPackageName(name)}-${one}`)].join('--')
}

function sortByName(beside: Beside): [string, string][] {
  return Object.entries(beside).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What is wrong with a choice of packages, for an error message. */
export interface WrongChoice {
  found: string
  expected: string
}

/**
 * Returns the packages that PACKAGE@VERSION texts choose for a runtime at a version, or what is wrong with the first wrong text. A
 * package must be one that the manifest lists for this version. A version that the manifest names anyway is left out, because it
 * changes nothing.
 */
export function readBeside(
  manifest: Manifest,
  version: string,
  asked: readonly string[],
): { beside: Beside } | { wrong: WrongChoice } {
  const pairs: [string, string][] = []
  for (const text of asked) {
    const [, name, chosen] = /^([^@]+)@([^@]*)$/.exec(text) ?? []
    if (name === undefined || chosen === undefined)
      return { wrong: { found: `"${text}"`, expected: 'PACKAGE@VERSION' } }
    const expected = findExactVersionError(chosen, 'pypi')
    if (expected !== undefined) return { wrong: { found: `"${text}"`, expected } }
    if (pairs.some(([other]) => readPackageName(other) === readPackageName(name)))
      return { wrong: { found: `${name} twice`, expected: 'one version of each package' } }
    pairs.push([readPackageName(name), chosen])
  }
  const listed = listBesideNames(manifest, version, Object.fromEntries(pairs))
  for (const [name, chosen] of pairs) {
    if (name === readPackageName(manifest.package)) {
      const expected = `${manifest.name}@${chosen} as the runtime, because this is the runtime's own package`
      return { wrong: { found: `"${name}@${chosen}"`, expected } }
    }
    if (!listed.includes(name)) return { wrong: describeUnknownPackage(name, version, listed) }
    const tooOld = findTooOldError(manifest, name, chosen)
    if (tooOld !== undefined) return { wrong: { found: `"${name}@${chosen}"`, expected: tooOld } }
  }
  const usual = listRequirements(manifest, version)
  const differs = ([name, chosen]: [string, string]) =>
    !usual.some((one) => readPackageName(one) === name && one.endsWith(`==${chosen}`))
  return { beside: Object.fromEntries(pairs.filter(differs)) }
}

function describeUnknownPackage(name: string, version: string, listed: readonly string[]): WrongChoice {
  const found = `the package "${name}"`
  return listed.length === 0
    ? { found, expected: `no package, because manifest.yaml lists none beside version ${version}` }
    : { found, expected: describeKnownWords(name, listed) }
}
