import type { Response as ApiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Refusal } from '../request-rules/rule.ts'
import type { SseFrame } from '../sse.ts'
import type { WireResponse } from './compose/response.ts'
import type { Wire } from './types.ts'

/**
 * How an answer is written on the wire. Script, faults, gates and watch do not depend on the dialect. They use the
 * terms of the Responses API.
 */
export interface Dialect {
  /** Returns the id of a response for the client. */
  renameId(made: string): string
  /** Returns the writer of one stream. For each event the writer returns the frames, possibly none. */
  createFrameWriter(wire: Wire): (event: ResponseStreamEvent) => readonly SseFrame[]
  /** Returns the data of the frame after the last event of a stream that ended well, or undefined for no such frame. */
  buildClosingData(wire: Wire, last: ResponseStreamEvent | undefined): string | undefined
  /** Returns a whole response as a JSON answer. */
  writeJson(response: WireResponse): { status: number; value: unknown; headers?: Record<string, string> }
  /** Returns a refusal with the field names of the client's API. */
  translateRefusal(refusal: Refusal): Refusal
}

/** The dialect of the Responses API. */
export const responsesDialect: Dialect = {
  renameId: (made) => made,
  createFrameWriter({ noSequence }) {
    const json = createEventWriter(noSequence === true)
    return (event) => [{ event: event.type, data: json(event) }]
  },
  buildClosingData: ({ done }) => (done ? '[DONE]' : undefined),
  writeJson: (value) => ({ status: 200, value }),
  translateRefusal: (refusal) => refusal,
}

/**
 * Returns a function that writes events as JSON. Created, queued and in_progress have the same response, the largest
 * part of a short stream. Its JSON is made once.
 */
function createEventWriter(noSequence: boolean): (event: ResponseStreamEvent) => string {
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
