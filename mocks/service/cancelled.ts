import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { cancelledResponse } from './draft.ts'
import type { Machine } from './machine.ts'

/**
 * The event that ends an open stream whose response was cancelled, or undefined where the stream goes on
 * (option `cancelledStream`): `response.failed` with a response whose status is cancelled (Azure contract B11).
 */
export function cancelledStreamEnd(
  id: string,
  { store, facts }: Machine,
  number: number,
): { event: ResponseStreamEvent } | undefined {
  const stored = store.responses.get(id)
  if (facts.cancelledStream === 'continues' || stored === undefined) return undefined
  const response = cancelledResponse(stored.response)
  return { event: { type: 'response.failed', response, sequence_number: number } }
}
