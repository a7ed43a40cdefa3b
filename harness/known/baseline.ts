import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resolveInsideFolder } from '../../mocks/inside-folder.ts'
import { parseBySchema } from '../../mocks/recordings/problem.ts'
import { parseYaml } from '../../mocks/recordings/yaml.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { comparisons, invariants } from '../invariants/index.ts'
import type { Plan } from '../plan/types.ts'
import { readCounterexample, scenarioName } from './counterexample.ts'

/**
 * One entry of a runtime's `known.yaml`: a violation that is expected, with the reason.
 *
 *     - scenario: stream-errors          # or one of its cases: recordings/<id>; a list of them; '*': any
 *       invariant: no-leaked-spans
 *       plan: known/trace-left-open.json # the kept counterexample, beside known.yaml
 *       kind: bug                        # or by-design
 *       reason: what is wrong, with the file and function of the runtime
 *       issue: https://…                 # upstream, where there is one
 *       since: 2026-11-20
 *       expires: 2027-05-20
 *
 * The kept plan is replayed first. The entry is stale, and the run fails, when its plan no longer violates or `expires`
 * has passed. While it stands it turns every violation of its invariant in its scenario into `known`; a new plan for it
 * is printed, and decides nothing. An entry outside what was selected is left alone.
 */
export interface Known {
  scenario: string
  invariant: string
  plan: Plan
  /** The file of the plan, as the entry names it. */
  file: string
  kind: 'bug' | 'by-design'
  reason: string
  issue?: string | undefined
  since: string
  expires: string
}

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date, as 2026-11-20')
const text = z.string().min(1).max(4_000)
/** Of which cases an entry speaks. */
const spoken = z.union([z.literal('*'), scenarioName])
const entries = z.array(
  z.strictObject({
    scenario: z.union([spoken, z.array(spoken).min(1)]),
    invariant: z.enum([...invariants, ...comparisons].map(({ id }) => id)),
    plan: z
      .string()
      .regex(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.json$/, 'a .json file beside known.yaml'),
    kind: z.enum(['bug', 'by-design']),
    reason: text,
    issue: text.optional(),
    since: date,
    expires: date,
  }),
)

/** The entries of the `known.yaml` in a runtime's folder; none where there is no such file. Throws a `RecordingError`. */
export function readBaseline(folder: string): Known[] {
  const file = join(folder, 'known.yaml')
  if (!existsSync(file)) return []
  const value = parseYaml(readUserText(file), file)
  return parseBySchema(entries, value ?? [], file).flatMap((entry, index) => {
    const path = resolveInsideFolder(folder, entry.plan, { file, place: `$[${index}].plan` })
    const { plan } = readCounterexample(readUserText(path), path)
    return [entry.scenario].flat().map((scenario) => ({ ...entry, scenario, file: entry.plan, plan }))
  })
}

/** Whether an entry speaks of a case: of that very one, of its whole scenario, or of any. */
export function speaksOf(entry: Pick<Known, 'scenario'>, scenario: string): boolean {
  return entry.scenario === '*' || entry.scenario === scenario || scenario.startsWith(`${entry.scenario}/`)
}

/** Whether an entry's time has passed. `today` as `2026-11-20`. */
export function hasExpired({ expires }: Pick<Known, 'expires'>, today: string): boolean {
  return expires < today
}
