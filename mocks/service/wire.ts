import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { BodyAct } from '../body.ts'
import type { SseFrame } from '../sse.ts'
import { type Dialect, responsesDialect } from './dialect.ts'
import type { Sent } from './faults/stream.ts'
import type { Wire } from './types.ts'

/**
 * A step of a body. `begun` is the number of events that have begun by then; their gates must be open. `done` is the
 * number of events that have been sent whole afterwards. Both count from the start of the stream.
 */
export interface Step<Chunk = Uint8Array> {
  act: BodyAct<Chunk>
  begun: number
  done: number
}

/**
 * Returns the events with the option `unknown` applied: after the start of the response and after each finished item
 * follows an event of an unknown type. That event has its own sequence number, and later numbers move up.
 */
export function addUnknownEvents(events: readonly ResponseStreamEvent[], wire: Wire): ResponseStreamEvent[] {
  if (!wire.unknown) return events as ResponseStreamEvent[]
  const out: ResponseStreamEvent[] = []
  for (const event of events) {
    out.push({ ...event, sequence_number: out.length })
    if (event.type !== 'response.in_progress' && event.type !== 'response.output_item.done') continue
    // The SDK has no such type. That is the purpose of this event.
    const stranger = { type: 'response.conformance.unknown', note: 'ignore me', sequence_number: out.length }
    out.push(stranger as unknown as ResponseStreamEvent)
  }
  return out
}

/** Returns the steps that send a stream in the form of `wire`. */
export function buildSteps(
  sent: readonly Sent[],
  wire: Wire = {},
  dialect: Dialect = responsesDialect,
): Step[] {
  const frames = buildFrameSteps(sent, wire, dialect)
  return wire.chunk === undefined ? frames : splitIntoChunks(frames, wire.chunk, wire.eol === 'crlf' ? 1 : 0)
}

/** Returns one step per event, as the messages of a WebSocket. A message is whole, so of `wire` only the fields of the events count. */
export function buildMessageSteps(sent: readonly Sent[], wire: Wire, dialect: Dialect): Step<string>[] {
  const framesFor = dialect.createFrameWriter(wire)
  const messages = sent.flatMap((one) =>
    typeof one === 'object' ? ['garbage' in one ? one.garbage : (framesFor(one.event)[0]?.data ?? '')] : [],
  )
  const steps = messages.map((send, at): Step<string> => ({ act: { send }, begun: at + 1, done: at + 1 }))
  const last = sent.at(-1)
  const { length } = messages
  return typeof last === 'string' ? [...steps, { act: ENDINGS[last], begun: length, done: length }] : steps
}

/** Returns one step per frame. All frames are encoded together, and each step sends its part of the bytes. */
function buildFrameSteps(sent: readonly Sent[], wire: Wire, dialect: Dialect): Step[] {
  const write = createFrameWriter(wire, dialect)
  const texts = sent.flatMap((one) => (typeof one === 'object' ? [write(one)] : []))
  const frames = encodeTexts([...texts, ...buildClosingFrames(sent, wire, dialect)])
  const begun = (at: number) => Math.min(at + 1, texts.length)
  const steps = frames.map((send, at): Step => ({ act: { send }, begun: begun(at), done: begun(at) }))
  const last = sent.at(-1)
  if (typeof last === 'string') steps.push({ act: ENDINGS[last], begun: texts.length, done: texts.length })
  return steps
}

/** What the body does at each end of a stream. A stream that ends too early closes its body like a whole one. */
const ENDINGS: Readonly<Record<Extract<Sent, string>, Extract<BodyAct, string>>> = {
  end: 'end',
  eof: 'end',
  reset: 'reset',
  stall: 'stall',
}

/** Returns the bytes of each text. They are parts of one large array, which is much cheaper than many small arrays. */
function encodeTexts(texts: readonly string[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(texts.join(''))
  let at = 0
  return texts.map((text) => {
    const from = at
    at += Buffer.byteLength(text)
    return bytes.subarray(from, at)
  })
}

/** Returns the frames after the last event of a stream that ended well. */
function buildClosingFrames(sent: readonly Sent[], wire: Wire, dialect: Dialect): string[] {
  if (sent.at(-1) !== 'end') return []
  const last = sent.at(-2)
  const event = typeof last === 'object' && 'event' in last ? last.event : undefined
  const data = dialect.buildClosingData(wire, event)
  return data === undefined ? [] : [applyLineEnds(wire, writeFrame({ data }))]
}

/**
 * Returns a function that writes one event or frame as text. If the wire has comments, a comment comes before each
 * frame.
 */
function createFrameWriter(wire: Wire, dialect: Dialect): (one: Exclude<Sent, string>) => string {
  const framesFor = dialect.createFrameWriter(wire)
  const comment = wire.comments ? ': comment between events\n\n' : ''
  return (one) => {
    const frames = 'garbage' in one ? [{ data: one.garbage }] : framesFor(one.event)
    return applyLineEnds(wire, frames.map((frame) => comment + writeFrame(frame)).join(''))
  }
}

/** Returns a frame as text. JSON has no line breaks, but garbage may. */
function writeFrame({ event, data }: SseFrame): string {
  const name = event === undefined ? '' : `event: ${event}\n`
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${name}${lines.join('')}\n`
}

function applyLineEnds(wire: Wire, text: string): string {
  return wire.eol === 'crlf' ? text.replaceAll('\n', '\r\n') : text
}

/**
 * Returns the same bytes in chunks of one size. Chunks may cut frames and UTF-8 sequences. Bytes before a break are
 * always sent. A client may take a frame as complete when `spare` bytes are missing: a CR alone ends a line, so that
 * the LF of a CRLF may come later.
 */
function splitIntoChunks(frames: readonly Step[], size: number, spare: number): Step[] {
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
