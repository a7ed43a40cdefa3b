/** Where the versions of a runtime are published. */
export type Registry = 'pypi' | 'npm' | 'go'

const number = '(?:0|[1-9]\\d*)'
const semver = `${number}\\.${number}\\.${number}(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`

/**
 * The form of an exact version: PEP 440 without epoch and local part, or semver. Never a range, a tag, a file or a
 * URL.
 */
const shapes: Record<Registry, { shape: RegExp; called: string }> = {
  pypi: {
    shape: new RegExp(
      `^${number}(?:\\.${number})*(?:(?:a|b|rc)${number})?(?:\\.post${number})?(?:\\.dev${number})?$`,
    ),
    called: 'an exact version of PEP 440, such as 1.2.3 or 1.0.0rc1',
  },
  npm: { shape: new RegExp(`^${semver}$`), called: 'an exact version of semver, such as 1.2.3' },
  go: { shape: new RegExp(`^${semver}$`), called: 'an exact version of semver, such as 1.2.3' },
}

const LONGEST = 80

/** Returns what was expected in place of a version that is not exact. Returns undefined if it is exact. */
export function findExactVersionError(version: string, registry: Registry): string | undefined {
  const { shape, called } = shapes[registry]
  return version.length <= LONGEST && shape.test(version) ? undefined : called
}

/** Returns whether a version is a prerelease. */
export function isPrerelease(version: string, registry: Registry): boolean {
  return registry === 'pypi' ? /(?:a|b|rc|\.dev)\d+/.test(version) : version.includes('-')
}

/** Returns the registry for runtimes in a language. */
export function chooseRegistry({ language }: { language: 'python' | 'go' }): Registry {
  return language === 'python' ? 'pypi' : 'go'
}
