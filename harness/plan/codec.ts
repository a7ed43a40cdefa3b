import { jsonText } from '../../mocks/json-text.ts'
import { jsonDepth, MAX_DEPTH } from '../../mocks/limits.ts'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { contradictionIn } from './contradiction.ts'
import { planLimits, planSchema } from './schema.ts'
import type { Plan } from './types.ts'

/** The value of a JSON text within the limits of a plan's file; throws a `RecordingError`. */
export function readJsonWithin(text: string, file: string): unknown {
  const fail = failIn(file)
  if (Buffer.byteLength(text) > planLimits.bytes)
    throw fail('file', `${Buffer.byteLength(text)} bytes`, `at most ${planLimits.bytes}`)
  const depth = jsonDepth(text)
  if (depth > MAX_DEPTH) throw fail('file', `${depth} levels of nesting`, `at most ${MAX_DEPTH}`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw fail('file', (error as Error).message, 'JSON')
  }
}

/**
 * Reads a plan from its JSON text. `file` names it in errors. Throws a `RecordingError` that tells the place, what was
 * found there and what was expected. Nothing in a plan is run: it is data.
 */
export function readPlan(text: string, file: string): Plan {
  const plan = parseBySchema(planSchema, readJsonWithin(text, file), file) as Plan
  const wrong = contradictionIn(plan)
  if (wrong !== undefined) throw failIn(file)(wrong.place, wrong.found, wrong.expected)
  return plan
}

/** A plan as its file's text: `readPlan` gives it back. */
export function writePlan(plan: Plan): string {
  return `${jsonText(plan, 2)}\n`
}

function failIn(file: string) {
  return (place: string, found: string, expected: string) =>
    new RecordingError({ file, place, found, expected })
}
