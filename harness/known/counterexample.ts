import { z } from 'zod'
import { jsonText } from '../../mocks/json-text.ts'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { ID } from '../../mocks/recordings/types.ts'
import { type TransportName, transportNames } from '../../mocks/transports.ts'
import { isLabel, LABEL } from '../contract/label.ts'
import type { Moment } from '../history/timeline.ts'
import type { Violation } from '../invariants/types.ts'
import { readJsonWithinLimits, readPlan } from '../plan/codec.ts'
import { planLimits } from '../plan/schema.ts'
import type { Plan } from '../plan/types.ts'

/** The file of a violation. `conform replay` runs its plan again, and an entry of `known.yaml` names it. */
export interface Counterexample {
  schema: 1
  runtime: string
  version: string
  scenario: string
  invariant: string
  transport: TransportName
  /** The violations that the plan caused. A replay finds the same ones. */
  violations: Violation[]
  /** How each run ended, one line for each run. */
  ends: string[]
  /** What happened around the first violation. */
  timeline?: Moment[] | undefined
  plan: Plan
}

/** The maximum length of `violations`, `ends` and `timeline`. Zod needs kilobytes of memory for each wrong entry. */
const MAX_ENTRIES = 10_000

const text = z.string().max(planLimits.string)

/** The name or version of an adapter. It can be any text. It is shown and compared, and never used as a path. */
const label = z.string().refine(isLabel, LABEL)

const id = ID.source.slice(1, -1)

/** The schema of the name of a scenario or of one of its cases: `name` or `name/case`. */
export const scenarioNameSchema = z
  .string()
  .regex(new RegExp(`^${id}(?:/${id})?$`), 'a scenario, or one of its cases as name/case')

const schema = z.object({
  schema: z.literal(1),
  runtime: label.refine((name) => name !== '', 'a name'),
  version: label,
  scenario: scenarioNameSchema,
  invariant: z.string().regex(ID, 'the id of an invariant'),
  transport: z.enum(transportNames),
  violations: z.array(z.object({ message: text, at: z.int(), cause: text.default('') })),
  ends: z.array(text),
  timeline: z
    .array(
      z.object({
        at: z.int(),
        step: z.int().optional(),
        conversation: z.int().nullable(),
        text,
        broken: z.literal(true).optional(),
      }),
    )
    .optional(),
  plan: z.unknown(),
})

/**
 * Returns the counterexample in a file's text. The text can also be a plan alone. Errors name the file by `file`. Throws a
 * `RecordingError`.
 */
export function readCounterexample(text: string, file: string): Partial<Counterexample> & { plan: Plan } {
  const value = readJsonWithinLimits(text, file)
  if (typeof value !== 'object' || value === null || !('plan' in value)) return { plan: readPlan(text, file) }
  checkLengths(value, file)
  const told = parseBySchema(schema, value, file)
  return { ...told, plan: readPlan(JSON.stringify(told.plan), file) }
}

function checkLengths(value: object, file: string): void {
  for (const key of ['violations', 'ends', 'timeline']) {
    const list: unknown = Reflect.get(value, key)
    if (Array.isArray(list) && list.length > MAX_ENTRIES)
      throw new RecordingError({
        file,
        place: `$.${key}`,
        found: `a list of ${list.length}`,
        expected: `at most ${MAX_ENTRIES}`,
      })
  }
}

/** Returns a counterexample as the text of its file. `readCounterexample` reads it back. */
export function formatCounterexample(counterexample: Counterexample): string {
  return `${jsonText(counterexample, 2)}\n`
}
