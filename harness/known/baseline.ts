import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resolveInsideFolder } from '../../mocks/inside-folder.ts'
import { parseBySchema } from '../../mocks/recordings/problem.ts'
import { parseYaml } from '../../mocks/recordings/yaml.ts'
import { describeTransport, type TransportName } from '../../mocks/transports.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { comparisons, invariants } from '../invariants/index.ts'
import type { Plan } from '../plan/types.ts'
import { readCounterexample, scenarioNameSchema } from './counterexample.ts'

/**
 * One entry of a runtime's `known.yaml`: an expected violation, with the reason.
 *
 *     - scenario: stream-errors          # or one of its cases: recordings/<id>; a list of them; '*': any
 *       invariant: no-leaked-spans
 *       plan: known/trace-left-open.json # the kept counterexample, beside known.yaml
 *       over: websocket                  # optional: only over a WebSocket; http: only over HTTP
 *       causes: ['chat span, run failed'] # optional, for readers: what the plan shows
 *       kind: bug                        # or by-design
 *       reason: what is wrong, with the file and function of the runtime
 *       issue: https://…                 # upstream, where there is one
 *       since: 2026-11-20
 *       expires: 2027-05-20
 *
 * The kept plan is replayed first. If the plan no longer breaks the invariant, if it does not show one of `causes`, or if
 * `expires` has passed, the entry is stale and the run fails. Otherwise the entry covers exactly the causes that the plan shows:
 * a violation of the invariant in the scenario with one of them gets the verdict `known`. A violation with another cause is
 * `violated`. Entries for unselected scenarios or invariants are ignored.
 */
export interface KnownViolation {
  scenario: string
  invariant: string
  plan: Plan
  /** The file of the plan, as the entry names it. */
  file: string
  /** Whether the entry is only about requests over HTTP, or only about those over a WebSocket. Absent: about both. */
  over?: 'http' | 'websocket' | undefined
  /** What the plan shows, for readers. Checked against the replay. */
  causes?: string[] | undefined
  kind: 'bug' | 'by-design'
  reason: string
  issue?: string | undefined
  since: string
  expires: string
}

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date, as 2026-11-20')
const text = z.string().min(1).max(4_000)
/** The cases that an entry applies to: one, all of a scenario, or all (`*`). */
const scenarioPattern = z.union([z.literal('*'), scenarioNameSchema])
const entries = z.array(
  z.strictObject({
    scenario: z.union([scenarioPattern, z.array(scenarioPattern).min(1)]),
    invariant: z.enum([...invariants, ...comparisons].map(({ id }) => id)),
    plan: z
      .string()
      .regex(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.json$/, 'a .json file beside known.yaml'),
    over: z.enum(['http', 'websocket']).optional(),
    causes: z.array(text).min(1).optional(),
    kind: z.enum(['bug', 'by-design']),
    reason: text,
    issue: text.optional(),
    since: date,
    expires: date,
  }),
)

/** Returns the entries of the `known.yaml` in a runtime's folder, or none if there is no file. Throws a `RecordingError`. */
export function readBaseline(folder: string): KnownViolation[] {
  const file = join(folder, 'known.yaml')
  if (!existsSync(file)) return []
  const value = parseYaml(readUserText(file), file)
  return parseBySchema(entries, value ?? [], file).flatMap((entry, index) => {
    const path = resolveInsideFolder(folder, entry.plan, { file, place: `$[${index}].plan` })
    const { plan } = readCounterexample(readUserText(path), path)
    return [entry.scenario].flat().map((scenario) => ({ ...entry, scenario, file: entry.plan, plan }))
  })
}

/** Returns whether an entry applies to a case: by the name of the case, the name of its scenario, or `*`. */
export function appliesToScenario(entry: Pick<KnownViolation, 'scenario'>, scenario: string): boolean {
  return entry.scenario === '*' || entry.scenario === scenario || scenario.startsWith(`${entry.scenario}/`)
}

/** Returns whether an entry is about requests over this transport. */
export function appliesToTransport(
  { over }: Pick<KnownViolation, 'over'>,
  transport: TransportName,
): boolean {
  return over === undefined || over === describeTransport(transport).speaks
}

/** Returns whether an entry has expired. `today` is a date like `2026-11-20`. */
export function hasExpired({ expires }: Pick<KnownViolation, 'expires'>, today: string): boolean {
  return expires < today
}
