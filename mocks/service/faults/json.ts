import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { terminalOf, type WireResponse } from '../compose/response.ts'
import { incompleteAt } from './incomplete.ts'
import { begunOf, failedResponse, type StreamFault } from './stream.ts'

/**
 * What a fault makes of a JSON answer: `failed` and `incomplete` (cut where the stream would have been) set its
 * status; `eof`, `reset`, `stall` and `garbage` break the body instead. An `error-event` has no place in JSON:
 * plans with one are refused, and a script that has one gets what comes nearest, a failed response.
 */
export function spoilJson(
  events: readonly ResponseStreamEvent[],
  response: WireResponse,
  fault: StreamFault | undefined,
): { response: WireResponse; kind: 'whole' | 'broken' } {
  switch (fault?.kind) {
    case undefined:
      return { response, kind: 'whole' }
    case 'failed':
    case 'error-event':
      return { response: failedResponse(begunOf(events), fault.code), kind: 'whole' }
    case 'incomplete': {
      const cut = incompleteAt(events, Math.min(fault.at, events.length - 1), fault.reason)
      return { response: terminalOf(cut), kind: 'whole' }
    }
    default:
      return { response, kind: 'broken' }
  }
}
