import type { Response as ApiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Act } from '../body.ts'
import type { Sent } from './faults/stream.ts'
import type { Wire } from './types.ts'

/**
 * A step of a body: what it does, how many events have begun by then (their gates must be open before it)
 * and how many have been sent whole after it. Both count from the start of the stream.
 */
export interface Step {
  act: Act
  begun: number
  done: number
}

/**
 * The wire's own changes to the events themselves: with `unknown`, an event of a type that no client knows follows
 * the response's start and each finished item. It has its own sequence number and the later ones move up.
 */
export function withUnknown(events: readonly ResponseStreamEvent[], wire: Wire): ResponseStreamEvent[] {
  if (!wire.unknown) return events as ResponseStreamEvent[]
  const out: ResponseStreamEvent[] = []
  for (const event of events) {
    out.push({ ...event, sequence_number: out.length })
    if (event.type !== 'response.in_progress' && event.type !== 'response.output_item.done') continue
    // No type of the SDK has it: that is its purpose.
    const stranger = { type: 'response.conformance.unknown', note: 'ignore me', sequence_number: out.length }
    out.push(stranger as unknown as ResponseStreamEvent)
  }
  return out
}

/** What is sent, as bytes in the wire's form. Pure. */
export function stepsOf(sent: readonly Sent[], wire: Wire = {}): Step[] {
  return wire.chunk === undefined
    ? framesOf(sent, wire)
    : chunksOf(framesOf(sent, wire), wire.chunk, wire.eol === 'crlf' ? 1 : 0)
}

/** One step a frame. All frames are encoded at once, and each step sends its part of the bytes. */
function framesOf(sent: readonly Sent[], wire: Wire): Step[] {
  const write = frameWriter(wire)
  const texts = sent.flatMap((one) => (typeof one === 'object' ? [write(one)] : []))
  const closing = wire.done && sent.at(-1) === 'end' ? [eolOf(wire, 'data: [DONE]\n\n')] : []
  const frames = encoded([...texts, ...closing])
  const begun = (at: number) => Math.min(at + 1, texts.length)
  const steps = frames.map((send, at): Step => ({ act: { send }, begun: begun(at), done: begun(at) }))
  const last = sent.at(-1)
  if (typeof last === 'string')
    steps.push({ act: last === 'eof' ? 'end' : last, begun: texts.length, done: texts.length })
  return steps
}

/** The bytes of each text: parts of one array, for one large array costs far less than many small ones. */
function encoded(texts: readonly string[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(texts.join(''))
  let at = 0
  return texts.map((text) => {
    const from = at
    at += Buffer.byteLength(text)
    return bytes.subarray(from, at)
  })
}

/** The text of one frame, comment before it where the wire has comments. */
function frameWriter(wire: Wire): (one: Exclude<Sent, string>) => string {
  const json = jsonWriter(wire.noSequence === true)
  const comment = wire.comments ? ': comment between events\n\n' : ''
  return (one) => {
    const frame =
      'garbage' in one
        ? `${one.garbage
            .split(/\r\n|\r|\n/)
            .map((line) => `data: ${line}\n`)
            .join('')}\n`
        : `event: ${one.event.type}\ndata: ${json(one.event)}\n\n`
    return eolOf(wire, comment + frame)
  }
}

function eolOf(wire: Wire, text: string): string {
  return wire.eol === 'crlf' ? text.replaceAll('\n', '\r\n') : text
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

/**
 * The same bytes in chunks of one size, cutting through frames and UTF-8 sequences; nothing waits behind a break. A client
 * may take a frame for whole when its last `spare` bytes are yet to come: the LF of a CRLF, for a CR alone ends a line.
 */
function chunksOf(frames: readonly Step[], size: number, spare: number): Step[] {
  const out: Step[] = []
  let held = new Uint8Array(0)
  let begun = 0
  let done = 0
  for (const frame of frames) {
    if (typeof frame.act !== 'object') {
      if (held.length > 0) out.push({ act: { send: held }, begun, done })
      held = new Uint8Array(0)
      out.push(frame)
      continue
    }
    begun = frame.begun
    const joined = new Uint8Array(held.length + frame.act.send.length)
    joined.set(held)
    joined.set(frame.act.send, held.length)
    let at = 0
    for (; joined.length - at >= size; at += size) {
      if (joined.length - at - size <= spare) done = frame.done
      out.push({ act: { send: joined.slice(at, at + size) }, begun, done })
    }
    held = joined.slice(at)
    done = frame.done
  }
  if (held.length > 0) out.push({ act: { send: held }, begun, done })
  return out
}
