import type { Response as ApiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { buildEndedResponse } from '../compose/response.ts'
import { findErrorMessage, findErrorParam, findErrorType } from './errors.ts'
import { cutStreamAt } from './incomplete.ts'
import { isModelFault, type StreamFault } from './stages.ts'

/**
 * One step of a stream before it becomes bytes: an event, a frame that is no event, or the way in which the stream ends
 * (`end`: well).
 */
export type Sent = { event: ResponseStreamEvent } | { garbage: string } | 'end' | 'eof' | 'reset' | 'stall'

/**
 * Returns a legal stream with a fault in it. First come `fault.at` events, at most all before the terminal one. If the model is at
 * fault, at least the two events come that begin every stream of the service (SERVICE-FACTS 6). Then:
 * - `error-event`: an `error` event. In the nested form of live traffic `response.failed` follows. In the flat form of the
 *   reference and of other servers the stream ends (SERVICE-FACTS 6).
 * - `failed`: `response.failed` with an empty output. Open items stay open.
 * - `incomplete`: the open item is closed with status incomplete, then comes `response.incomplete` (SERVICE-FACTS 9).
 * - `eof`: the stream ends without a terminal event.
 * - `reset`: the connection breaks.
 * - `stall`: nothing more comes.
 * - `garbage`: a frame with data that is not JSON. The other events follow.
 */
export function spoilStream(events: readonly ResponseStreamEvent[], fault?: StreamFault): Sent[] {
  if (fault === undefined) return [...events.map((event) => ({ event })), 'end']
  const at = Math.min(Math.max(fault.at, isModelFault(fault) ? BEGINNING : 0), events.length - 1)
  const sent: Sent[] = events.slice(0, at).map((event) => ({ event }))
  switch (fault.kind) {
    case 'eof':
    case 'reset':
    case 'stall':
      return [...sent, fault.kind]
    case 'garbage':
      return [...sent, { garbage: fault.data }, ...events.slice(at).map((event) => ({ event })), 'end']
    case 'incomplete':
      return [...cutStreamAt(events, at, fault.reason).map((event) => ({ event })), 'end']
    case 'failed':
      return [...sent, { event: buildFailedEvent(events, fault.code, at) }, 'end']
    case 'error-event': {
      const error = { event: buildErrorEvent(fault.form, fault.code, at) }
      if (fault.form === 'flat') return [...sent, error, 'end']
      return [...sent, error, { event: buildFailedEvent(events, fault.code, at + 1) }, 'end']
    }
  }
}

/** The number of events that begin every stream: `response.created` and `response.in_progress`. */
const BEGINNING = 2

/** Returns the failed response: no output, no usage, two keys of error as recorded (SERVICE-FACTS 6). */
export function buildFailedResponse(begun: ApiResponse, code: string): ApiResponse {
  // The wire has codes that the SDK's type lacks, such as insufficient_quota.
  const error = { code, message: findErrorMessage(code) } as NonNullable<ApiResponse['error']>
  return buildEndedResponse(begun, { status: 'failed', error })
}

function buildFailedEvent(
  events: readonly ResponseStreamEvent[],
  code: string,
  number: number,
): ResponseStreamEvent {
  return {
    type: 'response.failed',
    response: buildFailedResponse(readBegunResponse(events), code),
    sequence_number: number,
  }
}

/** Returns the response at the beginning of a stream. */
export function readBegunResponse(events: readonly ResponseStreamEvent[]): ApiResponse {
  const first = events[0]
  if (first?.type !== 'response.created') throw new Error('the stream does not begin with response.created')
  return first.response
}

function buildErrorEvent(
  form: 'nested' | 'flat',
  code: string,
  sequence_number: number,
): ResponseStreamEvent {
  const message = findErrorMessage(code)
  const param = findErrorParam(code)
  if (form === 'flat') return { type: 'error', code, message, param, sequence_number }
  // The type of the SDK has only the flat form. Live traffic has the nested form (SERVICE-FACTS 6).
  const error = { type: findErrorType(code), code, message, param }
  return { type: 'error', error, sequence_number } as unknown as ResponseStreamEvent
}
