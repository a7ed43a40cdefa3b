import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { type BodyAct, streamActs } from '../body.ts'
import type { BackgroundRun } from './background.ts'
import { buildCancelledStreamEnd } from './cancelled.ts'
import type { Dialect } from './dialect.ts'
import { CHUNKED, type Exchange } from './exchange.ts'
import { cutStreamAt } from './faults/incomplete.ts'
import type { Sent } from './faults/stream.ts'
import type { Machine } from './machine.ts'
import type { Wire } from './types.ts'
import type { ResponseEnd } from './watch.ts'
import { buildMessageSteps, buildSteps, type Step } from './wire.ts'

/** Callbacks for a stream that is sent. */
export interface StreamFate {
  /** Called after an event has been sent whole. */
  event(event: ResponseStreamEvent): void
  /** Called if the connection ends before the stream. */
  cut(): void
}

/** The exchange that sends a stream, and the form of the stream. */
export interface Outlet {
  wire: Wire
  dialect: Dialect
  exchange: Exchange
  machine: Machine
}

/** The bytes of frames, or messages of a WebSocket. */
type Chunk = Uint8Array | string

/** Writes what is sent as steps. */
type BuildSteps = (sent: readonly Sent[], wire: Wire, dialect: Dialect) => Step<Chunk>[]

/** The progress of a stream. `steps` and `acts` after `next` may still change. */
interface StreamProgress {
  wire: Wire
  dialect: Dialect
  /** The events and frames, without the end. */
  frames: Exclude<Sent, string>[]
  build: BuildSteps
  steps: Step<Chunk>[]
  acts: BodyAct<Chunk>[]
  /** The index of the next step. */
  next: number
  /** The number of frames that may be sent in part: their gates were awaited. */
  begun: number
  /** The number of frames that were sent whole. */
  done: number
}

function startProgress(
  sent: readonly Sent[],
  { wire, dialect, machine }: Pick<Outlet, 'wire' | 'dialect' | 'machine'>,
): StreamProgress {
  const build: BuildSteps = machine.socket === undefined ? buildSteps : buildMessageSteps
  const steps = build(sent, wire, dialect)
  const frames = sent.filter((one) => typeof one === 'object')
  const acts = steps.map(({ act }) => act)
  return { wire, dialect, frames, build, steps, acts, next: 0, begun: 0, done: 0 }
}

/** Returns how many frames were sent at least in part. They are always finished. */
function countBegunFrames({ steps, next }: StreamProgress): number {
  return steps[next - 1]?.begun ?? 0
}

/** Replaces all frames that have not begun by one last event. The form of the wire stays the same. */
function cutShort(course: StreamProgress, last: { event: ResponseStreamEvent }): void {
  const { frames, build, steps, acts, next, wire, dialect } = course
  frames.splice(countBegunFrames(course), frames.length, last)
  const closing = build([...frames, 'end'], wire, dialect).slice(next)
  steps.splice(next, steps.length, ...closing)
  acts.splice(next, acts.length, ...closing.map(({ act }) => act))
}

/** Sends events as an SSE response, each after its gate, and reports each to the watch. */
export async function openStream(
  sent: readonly Sent[],
  fate: StreamFate,
  { wire, dialect, exchange, machine }: Outlet,
  response: string,
  run?: BackgroundRun,
): Promise<Response> {
  if (!(await exchange.waitForHead())) {
    fate.cut()
    return Response.error()
  }
  const { gate, watch } = machine
  const { number } = exchange
  const course = startProgress(sent, { wire, dialect, machine })
  let outcome: ResponseEnd | undefined
  const end = (ended: ResponseEnd) => {
    outcome = ended
    run?.readers.delete(reader)
    if (ended === 'cut') fate.cut()
  }
  const reader = {
    cancelled() {
      const last = buildCancelledStreamEnd(response, machine, countBegunFrames(course))
      if (last !== undefined) cutShort(course, last)
    },
  }
  run?.readers.add(reader)

  /** Ends the stream after the frame with this index, if another item would follow (SERVICE-FACTS 14). */
  const steer = (index: number) => {
    const events = course.frames.flatMap((one) => ('event' in one ? [one.event] : []))
    const goesOn = events.slice(index + 1).some(({ type }) => type === 'response.output_item.added')
    const last = goesOn ? cutStreamAt(events, index + 1, 'steered').at(-1) : undefined
    if (last !== undefined) cutShort(course, { event: last })
  }
  const tell = (index: number) => {
    const one = course.frames[index]
    if (one === undefined) return
    const event = 'garbage' in one ? one.garbage : one.event
    watch({ type: 'stream.event', request: number, index, event })
    if (typeof event === 'string') return
    fate.event(event)
    if (event.type === 'response.output_item.done' && machine.socket?.isSteered()) steer(index)
    const ended = readOutcome(event, course.frames.length === index + 1)
    if (ended === undefined || outcome !== undefined) return
    end(ended)
    exchange.reportEnd(ended, 200, response)
  }
  const body = streamActs(
    course.acts,
    {
      before(at) {
        const from = course.begun
        course.begun = course.steps[at]?.begun ?? from
        if (gate === undefined) return undefined
        return waitForGates(from, course.begun, (index) => gate({ kind: 'event', request: number, index }))
      },
      after(at) {
        course.next = at + 1
        for (const upTo = course.steps[at]?.done ?? 0; course.done < upTo; course.done++) tell(course.done)
        const act = course.acts[at] ?? 'end'
        if (act === 'stall') watch({ type: 'stalled', request: number })
        if (outcome !== undefined || (act !== 'end' && act !== 'reset')) return
        // A stream that is resumed after its last event is empty and complete.
        end(act === 'end' && sent.at(-1) === 'end' ? 'http' : 'cut')
        exchange.reportEnd(outcome ?? 'cut', 200, response)
      },
      cancelled() {
        if (outcome !== undefined) return
        end('cut')
        exchange.reportCancelled()
      },
    },
    exchange.incoming.signal,
  )
  // Only a WebSocket reads texts, and it reads the body itself.
  return new Response(body as ReadableStream<Uint8Array>, {
    status: 200,
    headers: { ...exchange.buildHeaders('sse'), ...CHUNKED },
  })
}

const OUTCOMES: Readonly<Record<string, ResponseEnd>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
}

/** Returns the outcome that an event decides, or undefined. An `error` event decides only if nothing follows it. */
function readOutcome(event: ResponseStreamEvent, last: boolean): ResponseEnd | undefined {
  return OUTCOMES[event.type] ?? (event.type === 'error' && last ? 'failed' : undefined)
}

/** Waits for the gates of the events that begin in one step, one after the other. */
function waitForGates(
  from: number,
  to: number,
  gate: (index: number) => Promise<void> | undefined,
): Promise<void> | undefined {
  const first = from < to ? gate(from) : undefined
  if (to - from <= 1) return first
  return (async () => {
    await first
    for (let index = from + 1; index < to; index++) await gate(index)
  })()
}
