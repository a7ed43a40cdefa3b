import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { buildCancelledResponse } from './draft.ts'
import type { Machine } from './machine.ts'

/**
 * Returns the event that ends an open stream after its response was cancelled: `response.failed` with status cancelled
 * (Azure contract B11). Returns undefined if the stream continues (option `cancelledStream`).
 */
export function buildCancelledStreamEnd(
  id: string,
  { store, facts }: Machine,
  number: number,
): { event: ResponseStreamEvent } | undefined {
  const stored = store.responses.get(id)
  if (facts.cancelledStream === 'continues' || stored === undefined) return undefined
  const response = buildCancelledResponse(stored.response)
  return { event: { type: 'response.failed', response, sequence_number: number } }
}
