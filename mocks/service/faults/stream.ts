import type { Response as ApiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { endedResponse } from '../compose/response.ts'
import { messageOf, paramOfCode, typeOfCode } from './errors.ts'
import { incompleteAt } from './incomplete.ts'
import type { StreamFault } from './stages.ts'

/** What goes over the wire, before it is bytes: events, a frame that is no event, and how it ends (`end`: well). */
export type Sent = { event: ResponseStreamEvent } | { garbage: string } | 'end' | 'eof' | 'reset' | 'stall'

/**
 * A legal stream, spoiled. `fault.at` events of it are sent, at most all but the terminal one; then
 * - `error-event`: an `error` event. Nested, as live traffic has it, `response.failed` follows; flat, as the reference
 *   documents it and other servers send it, the stream ends there (SERVICE-FACTS 6);
 * - `failed`: `response.failed`, output emptied, items left as they are;
 * - `incomplete`: what is open is closed with status incomplete, then `response.incomplete` (SERVICE-FACTS 9);
 * - `eof`: the stream ends without a terminal event; `reset`: the connection breaks; `stall`: nothing more comes;
 * - `garbage`: a frame whose data is not JSON; the rest follows as if nothing had happened.
 */
export function spoil(events: readonly ResponseStreamEvent[], fault?: StreamFault): Sent[] {
  if (fault === undefined) return [...events.map((event) => ({ event })), 'end']
  const at = Math.min(fault.at, events.length - 1)
  const sent: Sent[] = events.slice(0, at).map((event) => ({ event }))
  switch (fault.kind) {
    case 'eof':
    case 'reset':
    case 'stall':
      return [...sent, fault.kind]
    case 'garbage':
      return [...sent, { garbage: fault.data }, ...events.slice(at).map((event) => ({ event })), 'end']
    case 'incomplete':
      return [...incompleteAt(events, at, fault.reason).map((event) => ({ event })), 'end']
    case 'failed':
      return [...sent, { event: failedEvent(events, fault.code, at) }, 'end']
    case 'error-event': {
      const error = { event: errorEvent(fault.form, fault.code, at) }
      if (fault.form === 'flat') return [...sent, error, 'end']
      return [...sent, error, { event: failedEvent(events, fault.code, at + 1) }, 'end']
    }
  }
}

/** The response as it failed: no output, no usage, two keys of error as recorded (SERVICE-FACTS 6). */
export function failedResponse(begun: ApiResponse, code: string): ApiResponse {
  // The wire has codes that the SDK's list lacks (insufficient_quota).
  const error = { code, message: messageOf(code) } as NonNullable<ApiResponse['error']>
  return endedResponse(begun, { status: 'failed', error })
}

function failedEvent(
  events: readonly ResponseStreamEvent[],
  code: string,
  number: number,
): ResponseStreamEvent {
  return { type: 'response.failed', response: failedResponse(begunOf(events), code), sequence_number: number }
}

/** The response that a stream begins with. */
export function begunOf(events: readonly ResponseStreamEvent[]): ApiResponse {
  const first = events[0]
  if (first?.type !== 'response.created')
    throw new Error('a stream that does not begin with response.created')
  return first.response
}

function errorEvent(form: 'nested' | 'flat', code: string, sequence_number: number): ResponseStreamEvent {
  const message = messageOf(code)
  const param = paramOfCode(code)
  if (form === 'flat') return { type: 'error', code, message, param, sequence_number }
  // The SDK types only the flat form; live traffic nests (SERVICE-FACTS 6).
  const error = { type: typeOfCode(code), code, message, param }
  return { type: 'error', error, sequence_number } as unknown as ResponseStreamEvent
}
