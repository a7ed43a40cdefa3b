import { jsonDepth, MAX_DEPTH } from '../../mocks/limits.ts'
import { conforming, RecordingError } from '../../mocks/recordings/problem.ts'
import { contradictionIn } from './contradiction.ts'
import { planLimits, planSchema } from './schema.ts'
import type { Plan } from './types.ts'

/**
 * Reads a plan from its JSON text. `file` names it in errors. Throws a `RecordingError` that tells the place, what was
 * found there and what was expected. Nothing in a plan is run: it is data.
 */
export function readPlan(text: string, file: string): Plan {
  const fail = (place: string, found: string, expected: string) =>
    new RecordingError({ file, place, found, expected })
  if (Buffer.byteLength(text) > planLimits.bytes)
    throw fail('file', `${Buffer.byteLength(text)} bytes`, `at most ${planLimits.bytes}`)
  const depth = jsonDepth(text)
  if (depth > MAX_DEPTH) throw fail('file', `${depth} levels of nesting`, `at most ${MAX_DEPTH}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw fail('file', (error as Error).message, 'JSON')
  }
  const plan = conforming(planSchema, value, file) as Plan
  const wrong = contradictionIn(plan)
  if (wrong !== undefined) throw fail(wrong.place, wrong.found, wrong.expected)
  return plan
}

/** A plan as its file's text: `readPlan` gives it back. */
export function writePlan(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`
}
