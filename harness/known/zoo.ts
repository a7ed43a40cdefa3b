import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resolveInsideFolder } from '../../mocks/inside-folder.ts'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { parseYaml } from '../../mocks/recordings/yaml.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { findExactVersionError } from '../environments/exact.ts'
import type { Manifest } from '../environments/manifest.ts'
import { findVersionError } from '../environments/names.ts'
import { readPublishedPackage } from '../environments/published.ts'
import type { Verdict } from '../explore/verdict.ts'
import { verdictKinds } from '../explore/verdict.ts'
import { comparisons, invariants } from '../invariants/index.ts'
import type { Plan } from '../plan/types.ts'
import { readCounterexample, scenarioName } from './counterexample.ts'

/**
 * One row of a runtime's `zoo.yaml`: a released version that had a bug, or one that no longer has it.
 *
 *     - seed: maf-6866
 *       version: 1.9.0
 *       scenario: stream-errors/maf-6866       # where the plan comes from
 *       plan: zoo/maf-6866.json                # a plan, or a counterexample, beside zoo.yaml
 *       invariant: run-settles-once
 *       colour: red                            # red: it is violated; green: it holds, on the same plan
 *       others: [span-ends-once]               # what else is violated there, and nothing but these
 *       link: https://…                        # upstream
 *       note: what is to be seen
 */
export interface ZooRow {
  seed: string
  version: string
  scenario: string
  plan: Plan
  /** The file of the plan, as the row names it. */
  file: string
  invariant: string
  colour: 'red' | 'green'
  others: string[]
  link: string
  note?: string | undefined
}

const text = z.string().min(1).max(4_000)
const promise = z.enum([...invariants, ...comparisons].map(({ id }) => id))
const rows = z.array(
  z.strictObject({
    seed: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'a name of letters, digits, dots and dashes'),
    version: z.string().min(1).max(80),
    scenario: scenarioName,
    plan: z.string().regex(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.json$/, 'a .json file beside zoo.yaml'),
    invariant: promise,
    colour: z.enum(['red', 'green']),
    others: z.array(promise).default([]),
    link: text,
    note: text.optional(),
  }),
)

/** The rows of the `zoo.yaml` in a runtime's folder; none where there is no such file. Throws a `RecordingError`. */
export function readZoo(folder: string): ZooRow[] {
  const file = join(folder, 'zoo.yaml')
  if (!existsSync(file)) return []
  const said = parseBySchema(rows, parseYaml(readUserText(file), file) ?? [], file)
  const registry = readPublishedPackage(folder)?.registry
  return said.map(({ plan: named, ...row }, index) => {
    const { version } = row
    const expected =
      registry === undefined ? findVersionError(version) : findExactVersionError(version, registry)
    if (expected !== undefined)
      throw new RecordingError({ file, place: `$[${index}].version`, found: version, expected })
    const path = resolveInsideFolder(folder, named, { file, place: `$[${index}].plan` })
    return { ...row, file: named, plan: readCounterexample(readUserText(path), path).plan }
  })
}

/** Every version of a runtime that its own files name: each has a lock file. */
export function namedVersions({
  folder,
  version,
  versions,
}: Pick<Manifest, 'folder' | 'version' | 'versions'>): string[] {
  const all = [version, ...Object.keys(versions), ...readZoo(folder).map((row) => row.version)]
  return [...new Set(all)]
}

/**
 * What became of a row. `as-said`: red or green, and nothing else; `changed`: another colour, or something else broke, or no
 * longer breaks; `not-run`: this machine lacks what it takes; `fault`: it could not be judged.
 */
export interface ZooResult {
  result: 'as-said' | 'changed' | 'not-run' | 'fault'
  /** What is violated on it. */
  violated: string[]
  /** What is not as the row says. */
  reason?: string
}

/** Holds a row against the verdicts that its plan gave on its version; all invariants and comparisons are among them. */
export function judgeRow(
  { invariant, colour, others }: Pick<ZooRow, 'invariant' | 'colour' | 'others'>,
  verdicts: readonly Verdict[],
): ZooResult {
  const violated = verdicts
    .filter(
      ({ verdict, invariant: id }) => verdict === 'violated' || (verdict === 'flaky' && others.includes(id)),
    )
    .map(({ invariant: id }) => id)
  const said = verdicts.find((one) => one.invariant === invariant)
  const reason = ({ reason: why = '' }: Verdict) => why
  const fault = verdicts.find(({ verdict }) => verdictKinds[verdict] === 'unsaid')
  if (said === undefined) return { result: 'fault', violated, reason: `no verdict of ${invariant}` }
  if (fault)
    return { result: 'fault', violated, reason: `${fault.invariant}: ${fault.verdict}: ${reason(fault)}` }
  if (verdicts.every(({ verdict }) => verdictKinds[verdict] === 'skipped'))
    return { result: 'not-run', violated, reason: reason(said) }
  const expected = [...(colour === 'red' ? [invariant] : []), ...others]
  const strange = violated.filter((id) => !expected.includes(id))
  const gone = expected.filter((id) => !violated.includes(id))
  const wrong = [
    ...strange.map((id) => `${id} is violated: ${messageOf(verdicts, id)}`),
    ...gone.map((id) => `${id} is not violated: ${verdicts.find((one) => one.invariant === id)?.verdict}`),
    ...(colour === 'green' && said.verdict !== 'holds' && !strange.includes(invariant)
      ? [`${invariant}: found ${said.verdict}, expected holds`]
      : []),
  ]
  return wrong.length === 0
    ? { result: 'as-said', violated }
    : { result: 'changed', violated, reason: wrong.join('; ') }
}

function messageOf(verdicts: readonly Verdict[], id: string): string {
  return verdicts.find((one) => one.invariant === id)?.counterexample?.violations[0]?.message ?? ''
}
