import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inexact } from '../../harness/environments/exact.ts'
import { hasManifest } from '../../harness/environments/manifest.ts'
import { publishedAs } from '../../harness/environments/published.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import type { Scenario } from '../../harness/scenario.ts'
import { subjects, subjectsOnRequest } from '../../harness/vitest/projects.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
import { readRecordings } from '../../mocks/recordings/formats/read.ts'
import { UsageError } from '../exit-codes.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The names of all scenarios: their files'. */
export function scenarioNames(): string[] {
  return readdirSync(root('scenarios'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => basename(file, '.ts'))
    .sort()
}

/** What a scenario's file exports. */
export async function scenarioNamed(name: string): Promise<Scenario> {
  return ((await import(`../../scenarios/${name}.ts`)) as { default: Scenario }).default
}

/** The scenario file that stands for a plan: its own, or any, for only the plan is run. */
export function fileFor(scenario: string): string {
  const names = scenarioNames()
  const [name = ''] = scenario.split('/')
  return names.includes(name) ? name : (names[0] ?? '')
}

/**
 * The runtimes asked for, or those that are run where none is. A folder with an adapter or a manifest is one, too; so are
 * `NAME@VERSION` and `NAME+DEFECT`. `versions`: those that were named of runtimes that are there in one version only.
 */
export function chosenSubjects(asked: readonly string[]): {
  subjects: Subject[]
  versions: Map<string, string>
} {
  const versions = new Map<string, string>()
  if (asked.length === 0) return { subjects: subjects(), versions }
  const known = [...subjects(), ...subjectsOnRequest()]
  const chosen = new Map<string, Subject>()
  for (const one of asked) {
    const [name = '', version] = isPath(one) ? [one] : one.split(/@(?=[^@/]*$)/)
    const found = isPath(one)
      ? subjectIn(one)
      : (known.find((each) => each.name === name) ?? defective(name, known))
    if (found === undefined)
      throw unknown('--runtime', one, [
        ...known.map((each) => each.name),
        'a folder with an adapter.ts or a manifest.yaml: a path that begins with . or /',
      ])
    const subject = version === undefined ? found : atVersion(found, version)
    if (version !== undefined && subject.version === undefined) versions.set(subject.name, version)
    chosen.set(subject.name, subject)
  }
  return { subjects: [...chosen.values()], versions }
}

/** A runtime at a version that was asked for: the very one that is here where it has that, or no other. */
export function atVersion(subject: Subject, version: string): Subject {
  const published = publishedAs(subject.folder)
  if (published === undefined || published.version === version || subject.defect !== undefined) return subject
  const expected = inexact(version, published.registry)
  if (expected !== undefined)
    throw new UsageError(`--runtime ${subject.name}@: found "${printable(version)}", expected ${expected}`)
  return { ...subject, name: `${subject.name}@${version}`, version }
}

/** `NAME+DEFECT`: a runtime of ours with one of its defects. */
function defective(asked: string, known: readonly Subject[]): Subject | undefined {
  const [, name, defect = ''] = /^([^+]+)\+([\w-]+)$/.exec(asked) ?? []
  const sound = known.find((each) => each.name === name)
  if (sound === undefined || !existsSync(join(sound.folder, 'defects', `${defect}.ts`))) return undefined
  return { name: asked, folder: sound.folder, defect }
}

function isPath(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/')
}

function subjectIn(path: string): Subject | undefined {
  const folder = resolve(path)
  const holds = existsSync(join(folder, 'adapter.ts')) || hasManifest(folder)
  return holds ? { name: basename(folder), folder } : undefined
}

/** The scenarios asked for, and the cases of those of which only some are: `recordings/<id>`; undefined: all. */
export async function chosenScenarios(
  asked: readonly string[],
): Promise<{ scenarios?: string[]; cases?: string[] }> {
  if (asked.length === 0) return {}
  const known = scenarioNames()
  const whole = asked.filter((one) => known.includes(one))
  const cases: string[] = []
  for (const one of asked) {
    const [name = ''] = one.split('/')
    if (!known.includes(name)) throw unknown('--scenario', one, known)
    if (whole.includes(name)) continue
    const named = await namedCasesOf(name)
    if (named !== undefined && !named.includes(one)) throw unknown('--scenario', one, [name, ...named])
    cases.push(one)
  }
  const scenarios = [...new Set(asked.map((one) => one.split('/')[0] ?? one))]
  return { scenarios, ...(cases.length > 0 ? { cases } : {}) }
}

/** The cases of a scenario that have names of their own; undefined where its cases are files of recordings. */
async function namedCasesOf(name: string): Promise<string[] | undefined> {
  const scenario = await scenarioNamed(name)
  if ('fromRecording' in scenario) return undefined
  return Object.keys(scenario.cases ?? {}).map((id) => `${name}/${id}`)
}

/** The invariants and comparisons asked for; undefined: all. */
export function chosenInvariants(asked: readonly string[]): string[] | undefined {
  const known = [...invariants, ...comparisons].map(({ id }) => id)
  for (const one of asked) if (!known.includes(one)) throw unknown('--invariant', one, known)
  return asked.length > 0 ? [...asked] : undefined
}

/**
 * The project's own recordings, and those of ../shared where that folder stands beside the checkout; or what was asked for.
 * Of `cases`, those of the scenario `recordings` must be among them.
 */
export async function chosenRecordings(
  asked: readonly string[],
  cases: readonly string[] = [],
): Promise<{ paths: string[]; errors: string[] }> {
  const beside = root('../shared/recordings/conversations')
  const defaults = [root('mocks/recordings/own'), ...(existsSync(beside) ? [beside] : [])]
  const wanted = cases.flatMap((one) => /^recordings\/(.*)$/.exec(one)?.[1] ?? [])
  if (asked.length + wanted.length === 0) return { paths: defaults, errors: [] }
  const paths = asked.length > 0 ? asked.map((path) => resolve(path)) : defaults
  const errors: string[] = []
  const answers: string[] = []
  const ids = new Set<string>()
  for (const [index, path] of paths.entries()) {
    if (!existsSync(path))
      throw new UsageError(`--recordings: there is no ${printable(asked[index] ?? path)}`)
    const read = await readRecordings(path)
    for (const { file } of read.recordings) ids.add(file.id)
    for (const { message } of read.errors) errors.push(message)
    for (const script of read.scripts)
      answers.push(
        `${printable(script.path, 500)}: found answers of ${script.format}, expected recordings (conform serve --script gives answers)`,
      )
  }
  if (ids.size === 0) {
    const refused = [...errors, ...answers]
    const told = refused.slice(0, 5).map((reason) => `\n  ${reason}`)
    const more = refused.length - told.length
    if (more > 0) told.push(`\n  and ${more} more`)
    throw new UsageError(`--recordings: no recording was found${told.join('')}`)
  }
  const stranger = wanted.find((id) => !ids.has(id))
  if (stranger !== undefined)
    throw new UsageError(`--scenario: found no recording "${printable(stranger)}" among ${ids.size}`)
  return { paths, errors: asked.length > 0 ? errors : [] }
}

function unknown(option: string, found: string, known: readonly string[]): UsageError {
  return new UsageError(`${option}: found "${printable(found)}", expected one of ${known.join(', ')}`)
}
