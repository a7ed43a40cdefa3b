import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { BodyAct } from '../../body.ts'
import { readTerminalResponse, type WireResponse } from '../compose/response.ts'
import { cutStreamAt } from './incomplete.ts'
import type { ConnectionFault, ModelFault } from './stages.ts'
import { buildFailedResponse, readBegunResponse } from './stream.ts'

/**
 * Returns the response of a JSON answer after a fault of the model. `failed` and `incomplete` set the status; `incomplete`
 * cuts the output where it would cut the stream. An `error-event` has no place in JSON: plans that ask for one are refused,
 * and a script that asks for one gets a failed response.
 */
export function spoilResponse(
  events: readonly ResponseStreamEvent[],
  response: WireResponse,
  fault: ModelFault | undefined,
): WireResponse {
  switch (fault?.kind) {
    case undefined:
      return response
    case 'failed':
    case 'error-event':
      return buildFailedResponse(readBegunResponse(events), fault.code)
    case 'incomplete':
      return readTerminalResponse(cutStreamAt(events, Math.min(fault.at, events.length - 1), fault.reason))
  }
}

/** Returns what a body does that a fault of the connection breaks: garbage in place of the text, or half of the text. */
export function breakJson(text: string, fault: ConnectionFault): BodyAct[] {
  const encoder = new TextEncoder()
  const bytes = encoder.encode(text)
  const half = { send: bytes.slice(0, bytes.length >> 1) }
  switch (fault.kind) {
    case 'garbage':
      return [{ send: encoder.encode(fault.data) }, 'end']
    case 'eof':
      return [half, 'end']
    case 'reset':
    case 'stall':
      return [half, fault.kind]
  }
}
