import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resolveInsideFolder } from '../../mocks/inside-folder.ts'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { parseYaml } from '../../mocks/recordings/yaml.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { formatRelease, readBeside } from '../environments/beside.ts'
import { findExactVersionError } from '../environments/exact.ts'
import { hasManifest, type Manifest, readManifest } from '../environments/manifest.ts'
import { findVersionError } from '../environments/names.ts'
import { readPublishedPackage } from '../environments/published.ts'
import type { Beside } from '../environments/requirements.ts'
import type { Verdict } from '../explore/verdict.ts'
import { verdictKinds } from '../explore/verdict.ts'
import { comparisons, invariants } from '../invariants/index.ts'
import type { Plan } from '../plan/types.ts'
import { readCounterexample, scenarioNameSchema } from './counterexample.ts'

/**
 * One row of a runtime's `zoo.yaml`: a released version that has a bug, or a version without it.
 *
 *     - seed: maf-6866
 *       version: 1.9.0
 *       with: [agentscope@1.0.19]              # versions of packages beside the runtime's own; only for Python
 *       scenario: stream-errors/maf-6866       # where the plan comes from
 *       plan: zoo/maf-6866-pulls.json          # a plan, or a counterexample, beside zoo.yaml
 *       invariant: run-settles-once
 *       colour: red                            # red: it is violated; green: it holds, on the same plan
 *       others: [span-ends-once]               # the other invariants that are violated; no more may be
 *       link: https://…                        # upstream
 *       note: what the violation looks like
 */
export interface ZooRow {
  seed: string
  version: string
  /** Chosen versions of packages beside the runtime's own. Absent: those of the manifest. */
  beside?: Beside
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
const rule = z.enum([...invariants, ...comparisons].map(({ id }) => id))
const rows = z.array(
  z.strictObject({
    seed: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'a name of letters, digits, dots and dashes'),
    version: z.string().min(1).max(80),
    with: z.array(z.string().min(1).max(200)).max(20).default([]),
    scenario: scenarioNameSchema,
    plan: z.string().regex(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.json$/, 'a .json file beside zoo.yaml'),
    invariant: rule,
    colour: z.enum(['red', 'green']),
    others: z.array(rule).default([]),
    link: text,
    note: text.optional(),
  }),
)

/** Returns the rows of the `zoo.yaml` in a runtime's folder, or none if there is no file. Throws a `RecordingError`. */
export function readZooRows(folder: string): ZooRow[] {
  const file = join(folder, 'zoo.yaml')
  if (!existsSync(file)) return []
  const said = parseBySchema(rows, parseYaml(readUserText(file), file) ?? [], file)
  const registry = readPublishedPackage(folder)?.registry
  return said.map(({ plan: named, with: asked, ...row }, index) => {
    const { version } = row
    const expected =
      registry === undefined ? findVersionError(version) : findExactVersionError(version, registry)
    if (expected !== undefined)
      throw new RecordingError({ file, place: `$[${index}].version`, found: version, expected })
    const path = resolveInsideFolder(folder, named, { file, place: `$[${index}].plan` })
    const beside = readRowBeside(folder, version, asked, { file, place: `$[${index}].with` })
    return {
      ...row,
      ...(Object.keys(beside).length === 0 ? {} : { beside }),
      file: named,
      plan: readCounterexample(readUserText(path), path).plan,
    }
  })
}

/** Returns the packages that a row chooses. Throws a `RecordingError` that names the place if it cannot choose them. */
function readRowBeside(
  folder: string,
  version: string,
  asked: readonly string[],
  where: { file: string; place: string },
): Beside {
  if (asked.length === 0) return {}
  if (!hasManifest(folder))
    throw new RecordingError({
      ...where,
      found: asked.join(', '),
      expected: 'nothing without a manifest.yaml',
    })
  const choice = readBeside(readManifest(folder), version, asked)
  if ('wrong' in choice) throw new RecordingError({ ...where, ...choice.wrong })
  return choice.beside
}

/** A version of a runtime, perhaps with chosen packages beside it. */
export interface Release {
  version: string
  beside?: Beside
}

/** Returns each release that the files of a runtime name once. Each of them has a lock file. */
export function listManifestAndZooReleases({
  folder,
  version,
  versions,
}: Pick<Manifest, 'folder' | 'version' | 'versions'>): Release[] {
  const all: Release[] = [
    ...[version, ...Object.keys(versions)].map((one) => ({ version: one })),
    ...readZooRows(folder),
  ]
  return [...new Map(all.map((one) => [formatRelease(one.version, one.beside), one])).values()].map(
    ({ version: own, beside }) => ({ version: own, ...(beside === undefined ? {} : { beside }) }),
  )
}

/**
 * The result of a row. `as-said`: exactly the invariants of the row are violated. `changed`: others are, or fewer. `not-run`:
 * this machine cannot run the version. `fault`: a verdict is missing.
 */
export interface ZooResult {
  result: 'as-said' | 'changed' | 'not-run' | 'fault'
  /** The ids of the violated invariants. */
  violated: string[]
  /** What differs from the row, or why the row was not run or judged. */
  reason?: string
}

/** Compares a row with the verdicts of its plan on its version. `verdicts` has a verdict for each rule. */
export function judgeZooRow(
  { invariant, colour, others }: Pick<ZooRow, 'invariant' | 'colour' | 'others'>,
  verdicts: readonly Verdict[],
): ZooResult {
  // An invariant that is violated with several causes has several verdicts.
  const violated = [
    ...new Set(
      verdicts
        .filter(
          ({ verdict, invariant: id }) =>
            verdict === 'violated' || (verdict === 'flaky' && others.includes(id)),
        )
        .map(({ invariant: id }) => id),
    ),
  ]
  const said = verdicts.find((one) => one.invariant === invariant)
  const reason = ({ reason: why = '' }: Verdict) => why
  const fault = verdicts.find(({ verdict }) => verdictKinds[verdict] === 'unsaid')
  if (said === undefined) return { result: 'fault', violated, reason: `no verdict for ${invariant}` }
  if (fault)
    return { result: 'fault', violated, reason: `${fault.invariant}: ${fault.verdict}: ${reason(fault)}` }
  if (verdicts.every(({ verdict }) => verdictKinds[verdict] === 'skipped'))
    return { result: 'not-run', violated, reason: reason(said) }
  const expected = [...(colour === 'red' ? [invariant] : []), ...others]
  const strange = violated.filter((id) => !expected.includes(id))
  const gone = expected.filter((id) => !violated.includes(id))
  const wrong = [
    ...strange.map((id) => `${id} is violated: ${findMessage(verdicts, id)}`),
    ...gone.map((id) => `${id} is not violated: ${verdicts.find((one) => one.invariant === id)?.verdict}`),
    // A version may have mended the bug by no longer getting to where the rule applies.
    ...(colour === 'green' && !['holds', 'unexercised'].includes(said.verdict) && !strange.includes(invariant)
      ? [`${invariant}: found ${said.verdict}, expected holds`]
      : []),
  ]
  return wrong.length === 0
    ? { result: 'as-said', violated }
    : { result: 'changed', violated, reason: wrong.join('; ') }
}

function findMessage(verdicts: readonly Verdict[], id: string): string {
  return verdicts.find((one) => one.invariant === id)?.counterexample?.violations[0]?.message ?? ''
}
