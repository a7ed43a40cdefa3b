import { findExactVersionError, type Registry } from './exact.ts'

/** A project's name of PEP 508: letters, digits, dots, underscores and dashes, a letter or digit at both ends. */
const pythonName = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?'

/** A part of an npm name. npm takes capitals for old packages only, and no first dot, underscore or dash. */
const npmPart = '[A-Za-z0-9][A-Za-z0-9._~-]*'

/** A part of a Go module path: no dot at either end, so never `.` or `..`; no dash at its start, so never an option. */
const goPart = '[A-Za-z0-9_~](?:[A-Za-z0-9._~-]*[A-Za-z0-9_~-])?'

/** How each registry spells the name of a package. None of these can be an option, a path, an address or an alias. */
const names: Record<Registry, { shape: RegExp; longest: number; called: string }> = {
  pypi: {
    shape: new RegExp(`^${pythonName}$`),
    longest: 100,
    called: 'the name of a package as PEP 508 has it, such as some-package',
  },
  npm: {
    shape: new RegExp(`^(?:@${npmPart}/)?${npmPart}$`),
    longest: 214,
    called: 'the name of a package on npm, such as some-package or @scope/some-package',
  },
  go: {
    // The first part is a host: it holds a dot and no capitals.
    shape: new RegExp(`^(?=[^/]*\\.)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/${goPart})*$`),
    longest: 200,
    called: 'the path of a Go module, such as example.com/owner/module/v2',
  },
}

/** Folders that npm itself keeps: no package can have these names. */
const RESERVED = ['node_modules', 'favicon.ico']

/** Returns what was expected in place of a package's name; undefined if the name is well formed. */
export function findNameError(name: string, registry: Registry): string | undefined {
  const { shape, longest, called } = names[registry]
  const isNamed =
    name.length <= longest &&
    shape.test(name) &&
    !(registry === 'npm' && RESERVED.includes(name.toLowerCase())) &&
    !(registry === 'go' && name.includes('..'))
  return isNamed ? undefined : called
}

const requirement = new RegExp(`^(${pythonName})(?:\\[(${pythonName}(?:, ?${pythonName})*)\\])? *(.*)$`)
const specifier = /^(==|!=|<=|>=|~=|<|>) *(\S+)$/

/**
 * Returns what was expected in place of a requirement of a Python environment; undefined if it is well formed: a name,
 * perhaps extras, and versions that bind it. `{version}` stands for the version that was asked for. An address, a file,
 * an option of the installer, a marker and a second line are refused.
 */
export function findRequirementError(text: string): string | undefined {
  const expected = 'a requirement on a registry, such as name>=1.2,<2'
  const [, , , bounds] = requirement.exec(text) ?? []
  if (text.length > 300 || bounds === undefined) return expected
  if (bounds === '') return undefined
  const isBound = (bound: string) => {
    const [, operator = '', version = ''] = specifier.exec(bound.trim()) ?? []
    if (version === '{version}') return true
    const isPrefix = (operator === '==' || operator === '!=') && version.endsWith('.*')
    return findExactVersionError(isPrefix ? version.slice(0, -2) : version, 'pypi') === undefined
  }
  return bounds.split(',').every(isBound) ? undefined : expected
}

/**
 * Returns what was expected in place of a version for which no registry is known; undefined if it is well formed. Such a
 * version is only compared with the one that an adapter tells of itself, and printed.
 */
export function findVersionError(version: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,79}$/.test(version)
    ? undefined
    : 'a version of letters, digits, dots and dashes, such as 1.2.3'
}
