import { toShortJson } from '../../mocks/json.ts'
import type { Outcome, Update } from './run-outcome.ts'
import { AdapterFault, type Run, type Team } from './runtime.ts'

const STATUSES: readonly string[] = [
  'completed',
  'incomplete',
  'failed',
  'stopped',
  'hung',
] satisfies Outcome['status'][]

/** Returns the outcome that an adapter gave. Throws an `AdapterFault` if it is none. */
export function checkOutcome(given: unknown, run: string): Outcome {
  const { status, text } = (given ?? {}) as { status?: unknown; text?: unknown }
  if (STATUSES.includes(String(status)) && typeof text === 'string') return given as Outcome
  const expected = `a status of ${STATUSES.join(', ')} and a text`
  throw new AdapterFault(`outcome() of run ${run}: found ${describeValue(given)}, expected ${expected}`)
}

/** Returns the update that an adapter gave. Throws an `AdapterFault` if it is none. */
export function checkUpdate(given: unknown, run: string): Update {
  const { kind, text, type, id } = (given ?? {}) as Record<string, unknown>
  if (kind === 'text' && typeof text === 'string') return given as Update
  if (kind === 'other' && typeof type === 'string') return given as Update
  if (kind === 'item' && typeof type === 'string' && (id === undefined || typeof id === 'string'))
    return given as Update
  throw new AdapterFault(`updates of run ${run}: found ${describeValue(given)}, expected an update`)
}

/** Returns the run that an adapter gave. Throws an `AdapterFault` if it is none. */
export function checkRun(given: unknown, run: string): Run {
  const { updates, outcome } = (given ?? {}) as { updates?: unknown; outcome?: unknown }
  const iterates =
    typeof (updates as AsyncIterable<unknown> | undefined)?.[Symbol.asyncIterator] === 'function'
  if (iterates && typeof outcome === 'function') return given as Run
  throw new AdapterFault(
    `start() of run ${run}: found ${describeValue(given)}, expected updates and outcome()`,
  )
}

/** Returns the team that an adapter gave. Throws an `AdapterFault` if it is none. */
export function checkTeam(given: unknown): Team {
  const { start, close } = (given ?? {}) as { start?: unknown; close?: unknown }
  if (typeof start === 'function' && typeof close === 'function') return given as Team
  throw new AdapterFault(`open(): found ${describeValue(given)}, expected start() and close()`)
}

/** Returns any value as short text for a message. */
function describeValue(given: unknown): string {
  try {
    return toShortJson(given)
  } catch {
    return typeof given
  }
}
