import { addedInstructions } from './added-instructions.ts'
import { answers } from './answers.ts'
import { amongHandoffs } from './changing-hands.ts'
import { compared } from './comparisons.ts'
import { context } from './context.ts'
import { continuing } from './continuing.ts'
import { conversation } from './conversation.ts'
import { delivery } from './delivery.ts'
import { falseAlarms } from './false-alarms.ts'
import { finishReasons } from './finish-reasons.ts'
import { handoffs } from './handoffs.ts'
import { hooks } from './hooks.ts'
import { itemDelivery } from './item-delivery.ts'
import { lateResults } from './late-results.ts'
import { leftovers } from './leftovers.ts'
import { limits } from './limits.ts'
import { messageSchema } from './message-schema.ts'
import { process } from './process.ts'
import { requests } from './requests.ts'
import { secondCleanups } from './second-cleanups.ts'
import { sessions } from './sessions.ts'
import { spanAttributes } from './span-attributes.ts'
import { spanData } from './span-data.ts'
import { spanEnds } from './span-ends.ts'
import { spans } from './spans.ts'
import { steps } from './steps.ts'
import { stops } from './stops.ts'
import { stream } from './stream.ts'
import { telemetryModes } from './telemetry-modes.ts'
import { timing } from './timing.ts'
import type { Examples } from './types.ts'

/** For each invariant, by its id, histories that hold and histories that break it. */
export const examples: Readonly<Record<string, Examples>> = mergeExamples(
  {
    ...spans,
    ...spanData,
    ...spanAttributes,
    ...spanEnds,
    ...telemetryModes,
    ...finishReasons,
    ...messageSchema,
    ...steps,
    ...hooks,
    ...context,
    ...conversation,
    ...continuing,
    ...stream,
    ...stops,
    ...lateResults,
    ...limits,
    ...leftovers,
    ...delivery,
    ...itemDelivery,
    ...answers,
    ...process,
    ...requests,
    ...secondCleanups,
    ...addedInstructions,
    ...sessions,
    ...timing,
    ...handoffs,
  },
  amongHandoffs,
  falseAlarms,
)

/** For each comparison, by its id. */
export const comparedExamples: typeof compared = compared

/** Returns the examples of all records, promise by promise. */
function mergeExamples(...records: Readonly<Record<string, Examples>>[]): Record<string, Examples> {
  const merged: Record<string, Examples> = {}
  for (const [id, { holds, breaks }] of records.flatMap(Object.entries<Examples>)) {
    const known = merged[id] ?? { holds: [], breaks: [] }
    merged[id] = { holds: [...known.holds, ...holds], breaks: [...known.breaks, ...breaks] }
  }
  return merged
}
