import type { Response as ApiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Refusal } from '../request-rules/rule.ts'
import type { SseFrame } from '../sse.ts'
import type { WireResponse } from './compose/response.ts'
import type { Wire } from './types.ts'

/**
 * How an answer is spelled on the wire. Which answer comes, what spoils it, where it is held and what the watch is told are
 * the same in every dialect: those are said in the words of the Responses API.
 */
export interface Dialect {
  /** A response's id, after the one that the service made. */
  id(made: string): string
  /** The writer of one stream: asked for each event in turn, it gives the frames that say it, which may be none. */
  frames(wire: Wire): (event: ResponseStreamEvent) => readonly SseFrame[]
  /** The data of the frame behind the last event of a stream that ended well; undefined: none. */
  closing(wire: Wire, last: ResponseStreamEvent | undefined): string | undefined
  /** A whole response as a JSON answer. */
  json(response: WireResponse): { status: number; value: unknown; headers?: Record<string, string> }
  /** A refusal in the names that the client knows. */
  refusal(refusal: Refusal): Refusal
}

/** The Responses API as it is. */
export const responsesDialect: Dialect = {
  id: (made) => made,
  frames({ noSequence }) {
    const json = jsonWriter(noSequence === true)
    return (event) => [{ event: event.type, data: json(event) }]
  },
  closing: ({ done }) => (done ? '[DONE]' : undefined),
  json: (value) => ({ status: 200, value }),
  refusal: (refusal) => refusal,
}

/**
 * JSON of events. Created, queued and in_progress carry one and the same response, the largest thing in a short
 * stream: its JSON is made once.
 */
function jsonWriter(noSequence: boolean): (event: ResponseStreamEvent) => string {
  let known: ApiResponse | undefined
  let text = ''
  return (event) => {
    if ('response' in event && Object.keys(event).length === 3) {
      if (event.response !== known) {
        known = event.response
        text = JSON.stringify(known)
      }
      const number = noSequence ? '' : `,"sequence_number":${event.sequence_number}`
      return `{"type":"${event.type}","response":${text}${number}}`
    }
    if (!noSequence) return JSON.stringify(event)
    const { sequence_number: _, ...rest } = event
    return JSON.stringify(rest)
  }
}
