import { parseJsonOrUndefined } from '../limits.ts'
import { parseSse } from '../sse.ts'
import { noteQuirk } from './quirks.ts'
import type { Quirk, Rule, StreamEvent } from './types.ts'

const QUIRKS = {
  crlf: {
    id: 'wire-carriage-return',
    statement: 'Lines of the stream end in CR or CRLF',
    source: 'GRAMMAR G49: never in 500 streams; legal in the SSE standard',
  },
  comment: {
    id: 'wire-comment',
    statement: 'The stream has comment lines',
    source: 'GRAMMAR G47: never in 500 streams; legal in the SSE standard',
  },
  frame: {
    id: 'wire-frame-form',
    statement: 'A frame is not exactly one event: line and one data: line',
    source: 'GRAMMAR G47; legal in the SSE standard, and how most compatible servers write',
  },
  typeFirst: {
    id: 'wire-type-not-first',
    statement: 'type is not the first key of the data of an event',
    source: 'GRAMMAR G48: always first in 500 streams; cassettes that were written anew sort their keys',
  },
} as const satisfies Record<string, Rule>

export const wireQuirks: readonly Rule[] = Object.values(QUIRKS)

/**
 * Returns the stream events of wire text, for `checkStream`. Data that is not JSON or is nested too deep stays a
 * string.
 */
export function parseSseEvents(text: string): StreamEvent[] {
  return parseSse(text).map(({ event, data }) => {
    const parsed = parseJsonOrUndefined(data)
    const held = parsed === undefined ? data : parsed
    return event === undefined ? { data: held } : { event, data: held }
  })
}

/** Returns the `starting_after` of a request that resumes a stream, otherwise null. */
export function readStartingAfter(url: string): number | null {
  const found = /[?&]starting_after=(\d{1,15})(?:&|$)/.exec(url)
  return found ? Number(found[1]) : null
}

/**
 * Returns the differences between wire text and the form in which the service writes streams. All of them are legal
 * SSE.
 */
export function checkWire(text: string): Quirk[] {
  const quirks = new Map<string, Quirk>()
  const lines = text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n')
  if (text.includes('\r')) noteQuirk(quirks, QUIRKS.crlf, 0, 'found a carriage return')
  let frame: string[] = []
  let at = 0
  for (const line of lines) {
    if (line.startsWith(':')) noteQuirk(quirks, QUIRKS.comment, at, 'found a comment line')
    else if (line !== '') frame.push(line)
    else if (frame.length > 0) {
      noteFrameQuirks(quirks, frame, at++)
      frame = []
    }
  }
  return [...quirks.values()]
}

function noteFrameQuirks(quirks: Map<string, Quirk>, frame: readonly string[], at: number): void {
  const [event, data] = frame
  if (frame.length !== 2 || !event?.startsWith('event: ') || !data?.startsWith('data: ')) {
    noteQuirk(quirks, QUIRKS.frame, at, `found ${frame.length} lines, expected event: and data:`)
  }
  const held = frame.find((line) => line.startsWith('data:'))?.replace(/^data: ?/, '')
  if (held?.startsWith('{') && !held.startsWith('{"type":')) {
    noteQuirk(quirks, QUIRKS.typeFirst, at, `found ${held.slice(0, 20)}, expected {"type":`)
  }
}
