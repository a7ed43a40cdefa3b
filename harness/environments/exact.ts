/** Where the versions of a runtime are published. */
export type Registry = 'pypi' | 'npm' | 'go'

const number = '(?:0|[1-9]\\d*)'
const semver = `${number}\\.${number}\\.${number}(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`

/** What an exact version looks like: PEP 440 without epoch and local part, semver; never a range, a tag, a file or a URL. */
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

/** What is wrong with a version as it was asked for: what was expected; undefined: nothing. */
export function findExactVersionError(version: string, registry: Registry): string | undefined {
  const { shape, called } = shapes[registry]
  return version.length <= LONGEST && shape.test(version) ? undefined : called
}

/** Whether it is a version before a release. */
export function isPrerelease(version: string, registry: Registry): boolean {
  return registry === 'pypi' ? /(?:a|b|rc|\.dev)\d+/.test(version) : version.includes('-')
}

/** Where the versions of a runtime in such a language are published. */
export function chooseRegistry({ language }: { language: 'python' | 'go' }): Registry {
  return language === 'python' ? 'pypi' : 'go'
}
