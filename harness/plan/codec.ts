import { jsonText } from '../../mocks/json-text.ts'
import { jsonDepth, MAX_DEPTH } from '../../mocks/limits.ts'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { findContradiction } from './contradiction.ts'
import { planLimits, planSchema } from './schema.ts'
import type { Plan } from './types.ts'

/** Returns the value of a JSON text. Throws a `RecordingError` if the text is larger or deeper than a plan may be. */
export function readJsonWithinLimits(text: string, file: string): unknown {
  const buildError = createErrorBuilder(file)
  if (Buffer.byteLength(text) > planLimits.bytes)
    throw buildError('file', `${Buffer.byteLength(text)} bytes`, `at most ${planLimits.bytes}`)
  const depth = jsonDepth(text)
  if (depth > MAX_DEPTH) throw buildError('file', `${depth} levels of nesting`, `at most ${MAX_DEPTH}`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw buildError('file', (error as Error).message, 'JSON')
  }
}

/**
 * Returns the plan in a JSON text. Errors name the plan by `file`. Throws a `RecordingError` with the place, what was found
 * there and what was expected. A plan is data: nothing in it is run.
 */
export function readPlan(text: string, file: string): Plan {
  const plan = parseBySchema(planSchema, readJsonWithinLimits(text, file), file) as Plan
  const wrong = findContradiction(plan)
  if (wrong !== undefined) throw createErrorBuilder(file)(wrong.place, wrong.found, wrong.expected)
  return plan
}

/** Returns a plan as the text of its file. `readPlan` reads it back. */
export function formatPlan(plan: Plan): string {
  return `${jsonText(plan, 2)}\n`
}

function createErrorBuilder(file: string) {
  return (place: string, found: string, expected: string) =>
    new RecordingError({ file, place, found, expected })
}
