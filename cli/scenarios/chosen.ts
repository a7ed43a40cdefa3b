import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isLabel, LABEL } from '../../harness/contract/label.ts'
import type { Scenario } from '../../harness/contract/scenario.ts'
import { findExactVersionError } from '../../harness/environments/exact.ts'
import { hasManifest } from '../../harness/environments/manifest.ts'
import { findVersionError } from '../../harness/environments/names.ts'
import { findTooOldError } from '../../harness/environments/oldest.ts'
import { readPublishedPackage } from '../../harness/environments/published.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import { listDefaultSubjects, listRequestedSubjects } from '../../harness/vitest/projects.ts'
import { readAllRecordings } from '../../harness/vitest/recordings.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { UsageError } from '../exit-codes.ts'

const resolveFromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Returns the names of all scenarios, which are the names of their files. */
export function listScenarioNames(): string[] {
  return readdirSync(resolveFromRoot('scenarios'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => basename(file, '.ts'))
    .sort()
}

/** Loads a scenario from its file. */
export async function loadScenario(name: string): Promise<Scenario> {
  return ((await import(`../../scenarios/${name}.ts`)) as { default: Scenario }).default
}

/** Returns the scenario file under which a single plan runs: the file of its scenario, or else any file. */
export function chooseScenarioFile(scenario: string): string {
  const names = listScenarioNames()
  const [name = ''] = scenario.split('/')
  return names.includes(name) ? name : (names[0] ?? '')
}

/**
 * Returns the runtimes of the command line, or the default runtimes if `asked` is empty. A runtime is given as NAME,
 * NAME@VERSION, NAME+DEFECT, NAME+VARIANT, or as the path of a folder with an adapter or a manifest, also with @VERSION. Runtimes that
 * are given twice appear once. If two folders have the same name, their paths become their names. `versions` holds the wanted version
 * of runtimes that exist in only one version. Throws a `UsageError` for an unknown runtime.
 */
export function chooseSubjects(asked: readonly string[]): {
  subjects: Subject[]
  versions: Map<string, string>
} {
  const versions = new Map<string, string>()
  if (asked.length === 0) return { subjects: listDefaultSubjects(), versions }
  const chosen = asked.map((one) => {
    const { subject, version } = isPath(one) ? findSubjectInFolder(one) : findOwnSubject(one, '--runtime')
    if (version !== undefined) versions.set(subject.name, version)
    return subject
  })
  return { subjects: makeDistinct(chosen), versions }
}

/**
 * Returns the runtime that a file names, such as a counterexample from a stranger. The name must belong to this project: NAME,
 * NAME@VERSION or NAME+DEFECT. It is never used as a path. Throws a `UsageError` for any other name.
 */
export function findSubjectOfFile(file: string, name: string): ReturnType<typeof findOwnSubject> {
  const [own = ''] = name.split(/[@+]/)
  if (!listKnownSubjects().some((one) => one.name === own))
    throw new UsageError(
      `${toPrintable(file)}: found the runtime "${toPrintable(name)}", which is not part of this project, expected --runtime`,
    )
  return findOwnSubject(name, `${toPrintable(file)}: $.runtime`)
}

function listKnownSubjects(): Subject[] {
  return [...listDefaultSubjects(), ...listRequestedSubjects()]
}

/**
 * Returns a runtime of this project, given as NAME, NAME@VERSION or NAME+DEFECT. `version` is the wanted version, if the
 * runtime exists in only one version. `place` says in errors where the name comes from.
 */
function findOwnSubject(asked: string, place: string): { subject: Subject; version?: string } {
  const known = listKnownSubjects()
  const [name, version] = splitVersion(asked)
  const found = known.find((each) => each.name === name) ?? findDefective(name, known)
  if (found === undefined)
    throw buildUnknownError(place, asked, [
      ...known.map((each) => each.name),
      'a folder with an adapter.ts or a manifest.yaml: a path that begins with . or /',
    ])
  return selectAskedVersion(found, version, place)
}

/** Returns a runtime at the version that was asked for, if any. `version` is returned if the runtime exists in only one version. */
function selectAskedVersion(
  found: Subject,
  version: string | undefined,
  place: string,
): { subject: Subject; version?: string } {
  if (version === undefined) return { subject: found }
  const subject = selectVersion(found, version, place)
  return subject.version === undefined ? { subject, version } : { subject }
}

/** Splits NAME@VERSION. The @ of a package scope does not separate a version. */
export function splitVersion(asked: string): [string, string?] {
  const [name = '', version] = asked.split(/@(?=[^@/]*$)/)
  return version === undefined ? [name] : [name, version]
}

/** Returns a runtime at a version. Throws a `UsageError` if the version is malformed or older than the lowest of the manifest. */
export function selectVersion(subject: Subject, version: string, place = '--runtime'): Subject {
  const published = subject.defect === undefined ? readPublishedPackage(subject.folder) : undefined
  const expected =
    published === undefined
      ? findVersionError(version)
      : (findExactVersionError(version, published.registry) ??
        findTooOldError(published, published.package, version))
  if (expected !== undefined)
    throw new UsageError(`${place} ${subject.name}@: found "${toPrintable(version)}", expected ${expected}`)
  if (published === undefined || published.version === version) return subject
  return { ...subject, name: `${subject.name}@${version}`, version }
}

/** Returns the runtime for NAME+DEFECT or NAME+VARIANT, or undefined if there is no such runtime, defect or variant. */
function findDefective(asked: string, known: readonly Subject[]): Subject | undefined {
  const [, name, defect = ''] = /^([^+]+)\+([\w-]+)$/.exec(asked) ?? []
  const sound = known.find((each) => each.name === name)
  const exists = (folder: string) => existsSync(join(folder, `${defect}.ts`))
  if (sound === undefined || !['defects', 'variants'].some((kind) => exists(join(sound.folder, kind))))
    return undefined
  return { name: asked, folder: sound.folder, defect }
}

function isPath(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/')
}

/**
 * Returns the runtime in a folder, given as PATH or PATH@VERSION. A folder whose own name ends with the @VERSION comes first. Throws a
 * `UsageError` if the folder has no adapter and no manifest.
 */
function findSubjectInFolder(asked: string): { subject: Subject; version?: string } {
  const [path, version] = hasRuntime(resolve(asked)) ? [asked] : splitVersion(asked)
  const folder = resolve(path)
  if (!hasRuntime(folder))
    throw buildUnknownError('--runtime', path, [
      ...listKnownSubjects().map((each) => each.name),
      'a folder with an adapter.ts or a manifest.yaml: a path that begins with . or /',
    ])
  const name = basename(folder)
  if (!isLabel(name))
    throw new UsageError(`--runtime: found a folder "${toPrintable(name)}", expected ${LABEL}`)
  const subject = listKnownSubjects().find((one) => one.folder === folder) ?? { name, folder }
  return selectAskedVersion(subject, version, '--runtime')
}

function hasRuntime(folder: string): boolean {
  return existsSync(join(folder, 'adapter.ts')) || hasManifest(folder)
}

/** Returns each runtime once and under a unique name. */
function makeDistinct(chosen: readonly Subject[]): Subject[] {
  const keyOf = ({ folder, defect, version }: Subject) => JSON.stringify([folder, defect, version])
  const once = [...new Map(chosen.map((one) => [keyOf(one), one])).values()]
  const known = listKnownSubjects()
  const isOwn = ({ folder }: Subject) => known.some((one) => one.folder === folder)
  return once.map((one) => {
    const isShared = [...known, ...once].some(
      (other) => other.name === one.name && keyOf(other) !== keyOf(one),
    )
    return isShared && !isOwn(one) ? { ...one, name: formatPath(one.folder) } : one
  })
}

/** Returns a path relative to the current folder with a leading ./, or the path itself if it is outside. */
export function formatPath(path: string): string {
  const from = relative(process.cwd(), path)
  return from.startsWith('..') ? path : `./${from}`
}

/** Returns the scenarios and single cases of the command line. Absent `scenarios` or `cases` mean all. */
export async function chooseScenarios(
  asked: readonly string[],
): Promise<{ scenarios?: string[]; cases?: string[] }> {
  if (asked.length === 0) return {}
  const known = listScenarioNames()
  const whole = asked.filter((one) => known.includes(one))
  const cases: string[] = []
  for (const one of asked) {
    const [name = ''] = one.split('/')
    if (!known.includes(name)) throw buildUnknownError('--scenario', one, known)
    if (whole.includes(name)) continue
    const named = await listNamedCases(name)
    if (named !== undefined && !named.includes(one))
      throw buildUnknownError('--scenario', one, [name, ...named])
    cases.push(one)
  }
  const scenarios = [...new Set(asked.map((one) => one.split('/')[0] ?? one))]
  return { scenarios, ...(cases.length > 0 ? { cases } : {}) }
}

/** Returns the named cases of a scenario, or undefined if its cases are recordings. */
async function listNamedCases(name: string): Promise<string[] | undefined> {
  const scenario = await loadScenario(name)
  if ('fromRecording' in scenario) return undefined
  return Object.keys(scenario.cases ?? {}).map((id) => `${name}/${id}`)
}

/** Returns the invariants and comparisons of the command line, or undefined for all. */
export function chooseInvariants(asked: readonly string[], place = '--invariant'): string[] | undefined {
  const known = [...invariants, ...comparisons].map(({ id }) => id)
  for (const one of asked) if (!known.includes(one)) throw buildUnknownError(place, one, known)
  return asked.length > 0 ? [...asked] : undefined
}

/** Returns the invariants of the command line, or else the invariant of the counterexample. Undefined means all. */
export function chooseInvariantsForFile(
  asked: readonly string[],
  kept: { invariant?: string | undefined },
  file: string,
): string[] | undefined {
  if (asked.length > 0 || kept.invariant === undefined) return chooseInvariants(asked)
  return chooseInvariants([kept.invariant], `${toPrintable(file)}: $.invariant`)
}

/**
 * Returns the paths of `--recordings`. By default these are the recordings of the project, and those in ../shared if that
 * folder exists beside the clone. Throws a `UsageError` if a path does not exist, or if a case in `cases` has no recording.
 */
export async function chooseRecordings(
  asked: readonly string[],
  cases: readonly string[] = [],
): Promise<{ paths: string[]; errors: string[]; withoutTraffic: number }> {
  const beside = resolveFromRoot('../shared/recordings/conversations')
  const defaults = [resolveFromRoot('mocks/recordings/own'), ...(existsSync(beside) ? [beside] : [])]
  const wanted = cases.flatMap((one) => /^recordings\/(.*)$/.exec(one)?.[1] ?? [])
  if (asked.length + wanted.length === 0) return { paths: defaults, errors: [], withoutTraffic: 0 }
  const paths = asked.length > 0 ? asked.map((path) => resolve(path)) : defaults
  for (const [index, path] of paths.entries())
    if (!existsSync(path))
      throw new UsageError(
        `--recordings: found no ${toPrintable(asked[index] ?? path)}, expected a file or folder`,
      )
  const { recordings, errors: unread, withoutTraffic, scripts } = await readAllRecordings(paths)
  if (recordings.length === 0) throw buildNoRecordingError([...unread, ...withoutTraffic, ...scripts])
  const ids = new Set(recordings.map(({ file }) => file.id))
  const isWanted = ({ id }: { id: string }) => wanted.length === 0 || wanted.includes(id)
  const twice = recordings.filter(({ file }) => isWanted(file)).flatMap(({ leftOut }) => leftOut)
  const errors = [...unread, ...twice].map(({ message }) => message)
  const stranger = wanted.find((id) => !ids.has(id))
  if (stranger !== undefined)
    throw new UsageError(`--scenario: found no recording "${toPrintable(stranger)}" among ${ids.size}`)
  const told = asked.length > 0
  return { paths, errors: told ? errors : [], withoutTraffic: told ? withoutTraffic.length : 0 }
}

/** Maximum number of reasons in an error. */
const MOST_REASONS = 5

function buildNoRecordingError(refused: readonly Error[]): UsageError {
  const told = refused.slice(0, MOST_REASONS).map(({ message }) => `\n  ${message}`)
  const more = refused.length - told.length
  const rest = more > 0 ? `\n  and ${more} more` : ''
  return new UsageError(`--recordings: found no recording${told.join('')}${rest}`)
}

function buildUnknownError(option: string, found: string, known: readonly string[]): UsageError {
  return new UsageError(`${option}: found "${toPrintable(found)}", expected one of ${known.join(', ')}`)
}
