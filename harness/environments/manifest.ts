import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { resolveInsideFolder } from '../../mocks/inside-folder.ts'
import { isObject } from '../../mocks/json.ts'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { parseYaml } from '../../mocks/recordings/yaml.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { describeKnownWords } from '../contract/nearest-words.ts'
import { chooseRegistry, findExactVersionError } from './exact.ts'
import { findNameError, findRequirementError } from './names.ts'

/**
 * What `runtimes/NAME/manifest.yaml` says of a runtime that lives in a process of its own:
 *
 *     about: Microsoft Agent Framework, driven through Agent.run
 *     language: python            # or go
 *     driver: driver.py           # the file that is started, in the same folder; for go the folder itself: .
 *     package: agent-framework-core   # NAME@VERSION names a version of this package; for go, of this module
 *     version: 1.23.0             # the one under test where none is named
 *     python: '>=3.10,<3.14'      # the Pythons that it runs on; >=3.10 where nothing is said
 *     requires:                   # what else its environment holds; {version} is the version that was asked for
 *       - agent-framework-openai=={version}
 *       - opentelemetry-sdk>=1.30,<2
 *     versions:                   # where a version needs other company: each stands in the place of what `requires` has of
 *       '1.0.1': [agent-framework-openai==1.0.0]   # the same package, or beside it; `!name` takes a package away
 *     with:                       # what else a version of a package needs that `--with` chose; the same form as in `versions`
 *       agentscope<2: [mcp<2]
 *     oldest:                     # the lowest versions that the driver can run, a list if each major version has its own; only
 *                                 # for Python
 *       agent-framework-core: 1.0.0b260212
 *     env: {OTEL_SEMCONV_STABILITY_OPT_IN: gen_ai_latest_experimental}   # variables that the driver's process has
 *     builds: [some-package]      # has no wheel: its source is built, which runs its code while it is installed
 */
export interface Manifest {
  /** The name of the runtime, which is the name of its folder. */
  name: string
  folder: string
  about: string
  language: 'python' | 'go'
  driver: string
  package: string
  version: string
  python: string
  requires: string[]
  versions: Record<string, string[]>
  with: Record<string, string[]>
  oldest: Record<string, string | string[]>
  env: Record<string, string>
  builds: string[]
}

const MANIFEST = 'manifest.yaml'

const line = z.string().min(1).max(500)

/** Returns a schema for text that passes a check. `wrong` returns what was expected in place of a wrong text. */
function createCheckedText(wrong: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const message = wrong(text)
    if (message !== undefined) context.addIssue({ code: 'custom', message, input: text })
  })
}

const pythonPackage = createCheckedText((text) => findNameError(text, 'pypi'))
const requirement = createCheckedText(findRequirementError)
const exactPythonVersion = createCheckedText((text) => findExactVersionError(text, 'pypi'))

/** An entry of `versions`: a requirement, or `!name` to leave a package out. */
const replacement = createCheckedText((text) => {
  const wrong = text.startsWith('!') ? findNameError(text.slice(1), 'pypi') : findRequirementError(text)
  return wrong === undefined ? undefined : `${wrong}, or !name`
})

/**
 * Variables that decide which code a process loads, where its files are or whom it trusts. Only the harness sets
 * these.
 */
const OURS =
  /^(PATH|HOME|ENV|BASH_ENV|IFS|TMPDIR|VIRTUAL_ENV|OPENSSL_CONF|GCONV_PATH|GLIBC_TUNABLES|CONFORM_.*|(LD|DYLD|PYTHON|NODE|SSL_CERT|GIT)_?.*|.*_PROXY)$/

const variable = createCheckedText((text) =>
  /^[A-Z][A-Z0-9_]{0,100}$/.test(text) && !OURS.test(text) ? undefined : 'a variable that is its own',
)

const schema = z.strictObject({
  about: line,
  language: z.enum(['python', 'go']),
  driver: z.string().regex(/^(\.|[A-Za-z0-9_][A-Za-z0-9_.-]{0,100})$/, 'a file beside manifest.yaml'),
  package: line,
  version: line,
  python: z
    .string()
    .regex(/^>=3\.\d{1,2}(,<3\.\d{1,2})?$/, 'the Pythons that it runs on, such as >=3.10,<3.14')
    .default('>=3.10'),
  requires: z.array(requirement).max(100).default([]),
  versions: z.record(z.string(), z.array(replacement).max(100)).default({}),
  with: z.record(requirement, z.array(replacement).max(100)).default({}),
  oldest: z
    .record(pythonPackage, z.union([exactPythonVersion, z.array(exactPythonVersion).min(1).max(20)]))
    .default({}),
  env: z
    .record(
      variable,
      z
        .string()
        .max(1_000)
        .regex(/^\P{Cc}*$/u, 'text without control characters'),
    )
    .default({}),
  builds: z.array(pythonPackage).max(100).default([]),
})

/** Throws a `RecordingError` with the nearest known keys if a manifest has an unknown key. */
function refuseUnknownKeys(value: unknown, file: string): void {
  if (!isObject(value)) return
  const known = Object.keys(schema.shape)
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown === undefined) return
  const expected = describeKnownWords(unknown, known)
  throw new RecordingError({ file, place: '$', found: `the unknown key ${unknown}`, expected })
}

/** Returns whether a folder holds a runtime that lives in a process of its own. */
export function hasManifest(folder: string): boolean {
  return existsSync(join(folder, MANIFEST))
}

/**
 * Returns the manifest in a runtime's folder. Throws a `RecordingError` that names the file, the place, what was
 * found and what was expected.
 */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST)
  if (!hasManifest(folder))
    throw new RecordingError({ file, place: 'file', found: 'nothing', expected: 'a manifest' })
  const value: unknown = parseYaml(readUserText(file), file)
  refuseUnknownKeys(value, file)
  const said = parseBySchema(schema, value, file)
  const misnamed = findNameError(said.package, chooseRegistry(said))
  if (misnamed !== undefined)
    throw new RecordingError({ file, place: '$.package', found: said.package, expected: misnamed })
  for (const [place, version] of [
    ['$.version', said.version] as const,
    ...Object.keys(said.versions).map((one) => [`$.versions["${one}"]`, one] as const),
  ]) {
    const expected = findExactVersionError(version, chooseRegistry(said))
    if (expected !== undefined) throw new RecordingError({ file, place, found: version, expected })
  }
  for (const key of ['with', 'oldest'] as const)
    if (said.language !== 'python' && Object.keys(said[key]).length > 0)
      throw new RecordingError({ file, place: `$.${key}`, found: said.language, expected: 'python' })
  resolveInsideFolder(folder, said.driver, { file, place: '$.driver' })
  return { name: basename(folder), folder, ...said }
}
