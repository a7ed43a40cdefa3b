import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isLabel, LABEL } from '../../harness/contract/label.ts'
import type { Scenario } from '../../harness/contract/scenario.ts'
import { inexact } from '../../harness/environments/exact.ts'
import { hasManifest } from '../../harness/environments/manifest.ts'
import { wrongPlainVersion } from '../../harness/environments/names.ts'
import { publishedAs } from '../../harness/environments/published.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import { subjects, subjectsOnRequest } from '../../harness/vitest/projects.ts'
import { recordingsIn } from '../../harness/vitest/recordings.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
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
 * No two have one name: the same runtime given twice is one, and folders of one name are called by their paths.
 */
export function chosenSubjects(asked: readonly string[]): {
  subjects: Subject[]
  versions: Map<string, string>
} {
  const versions = new Map<string, string>()
  if (asked.length === 0) return { subjects: subjects(), versions }
  const chosen = asked.map((one) => {
    if (isPath(one)) return subjectIn(one)
    const { subject, version } = ownSubject(one, '--runtime')
    if (version !== undefined) versions.set(subject.name, version)
    return subject
  })
  return { subjects: distinctSubjects(chosen), versions }
}

/**
 * The runtime that a file names, such as the counterexample that a stranger sent: one of this project, also as
 * `NAME@VERSION` or `NAME+DEFECT`. It is never taken for a path. Throws a `UsageError` if it is none of the project.
 */
export function subjectNamedIn(file: string, name: string): ReturnType<typeof ownSubject> {
  const [own = ''] = name.split(/[@+]/)
  if (!knownSubjects().some((one) => one.name === own))
    throw new UsageError(
      `${printable(file)}: names the runtime "${printable(name)}", which is none of this project: give --runtime`,
    )
  return ownSubject(name, `${printable(file)}: $.runtime`)
}

function knownSubjects(): Subject[] {
  return [...subjects(), ...subjectsOnRequest()]
}

/**
 * A runtime of this project: `NAME`, `NAME@VERSION` or `NAME+DEFECT`. `version`: the one that was named, if it is there in
 * one version only. `place` says in errors who named it.
 */
function ownSubject(asked: string, place: string): { subject: Subject; version?: string } {
  const known = knownSubjects()
  const [name, version] = splitVersion(asked)
  const found = known.find((each) => each.name === name) ?? defective(name, known)
  if (found === undefined)
    throw unknown(place, asked, [
      ...known.map((each) => each.name),
      'a folder with an adapter.ts or a manifest.yaml: a path that begins with . or /',
    ])
  if (version === undefined) return { subject: found }
  const subject = atVersion(found, version, place)
  return subject.version === undefined ? { subject, version } : { subject }
}

/** Splits `NAME@VERSION`. The @ of a scope is not that of a version. */
export function splitVersion(asked: string): [string, string?] {
  const [name = '', version] = asked.split(/@(?=[^@/]*$)/)
  return version === undefined ? [name] : [name, version]
}

/** A runtime at a version that was asked for: the very one that is here where it has that, or no other. */
export function atVersion(subject: Subject, version: string, place = '--runtime'): Subject {
  const published = subject.defect === undefined ? publishedAs(subject.folder) : undefined
  const expected = published === undefined ? wrongPlainVersion(version) : inexact(version, published.registry)
  if (expected !== undefined)
    throw new UsageError(`${place} ${subject.name}@: found "${printable(version)}", expected ${expected}`)
  if (published === undefined || published.version === version) return subject
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

/** The runtime in a folder that was named by its path. */
function subjectIn(path: string): Subject {
  const folder = resolve(path)
  if (!existsSync(join(folder, 'adapter.ts')) && !hasManifest(folder))
    throw unknown('--runtime', path, [
      ...knownSubjects().map((each) => each.name),
      'a folder with an adapter.ts or a manifest.yaml: a path that begins with . or /',
    ])
  const name = basename(folder)
  if (!isLabel(name))
    throw new UsageError(`--runtime: found a folder "${printable(name)}", expected ${LABEL}`)
  return knownSubjects().find((one) => one.folder === folder) ?? { name, folder }
}

/** The same runtimes, each once and each under a name of its own. */
function distinctSubjects(chosen: readonly Subject[]): Subject[] {
  const keyOf = ({ folder, defect, version }: Subject) => JSON.stringify([folder, defect, version])
  const once = [...new Map(chosen.map((one) => [keyOf(one), one])).values()]
  const known = knownSubjects()
  const isOwn = ({ folder }: Subject) => known.some((one) => one.folder === folder)
  return once.map((one) => {
    const isShared = [...known, ...once].some(
      (other) => other.name === one.name && keyOf(other) !== keyOf(one),
    )
    return isShared && !isOwn(one) ? { ...one, name: pathFromHere(one.folder) } : one
  })
}

/** A path as short as it can be, that begins as paths do. */
export function pathFromHere(path: string): string {
  const from = relative(process.cwd(), path)
  return from.startsWith('..') ? path : `./${from}`
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
export function chosenInvariants(asked: readonly string[], place = '--invariant'): string[] | undefined {
  const known = [...invariants, ...comparisons].map(({ id }) => id)
  for (const one of asked) if (!known.includes(one)) throw unknown(place, one, known)
  return asked.length > 0 ? [...asked] : undefined
}

/** The invariants asked for, else the one that a counterexample names; undefined: all. */
export function invariantsOf(
  asked: readonly string[],
  kept: { invariant?: string | undefined },
  file: string,
): string[] | undefined {
  if (asked.length > 0 || kept.invariant === undefined) return chosenInvariants(asked)
  return chosenInvariants([kept.invariant], `${printable(file)}: $.invariant`)
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
  for (const [index, path] of paths.entries())
    if (!existsSync(path))
      throw new UsageError(`--recordings: there is no ${printable(asked[index] ?? path)}`)
  const { recordings, errors: unread, scripts } = await recordingsIn(paths)
  if (recordings.length === 0) throw noRecording([...unread, ...scripts])
  const ids = new Set(recordings.map(({ file }) => file.id))
  const isWanted = ({ id }: { id: string }) => wanted.length === 0 || wanted.includes(id)
  const twice = recordings.filter(({ file }) => isWanted(file)).flatMap(({ leftOut }) => leftOut)
  const errors = [...unread, ...twice].map(({ message }) => message)
  const stranger = wanted.find((id) => !ids.has(id))
  if (stranger !== undefined)
    throw new UsageError(`--scenario: found no recording "${printable(stranger)}" among ${ids.size}`)
  return { paths, errors: asked.length > 0 ? errors : [] }
}

/** The reasons that are told where there are many. */
const MOST_REASONS = 5

function noRecording(refused: readonly Error[]): UsageError {
  const told = refused.slice(0, MOST_REASONS).map(({ message }) => `\n  ${message}`)
  const more = refused.length - told.length
  const rest = more > 0 ? `\n  and ${more} more` : ''
  return new UsageError(`--recordings: no recording was found${told.join('')}${rest}`)
}

function unknown(option: string, found: string, known: readonly string[]): UsageError {
  return new UsageError(`${option}: found "${printable(found)}", expected one of ${known.join(', ')}`)
}
