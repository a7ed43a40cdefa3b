import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { type Act, bodyOf } from '../body.ts'
import type { BackgroundRun } from './background.ts'
import { cancelledStreamEnd } from './cancelled.ts'
import type { Dialect } from './dialect.ts'
import { CHUNKED, type Exchange } from './exchange.ts'
import type { Sent } from './faults/stream.ts'
import type { Machine } from './machine.ts'
import type { Wire } from './types.ts'
import type { ResponseEnd } from './watch.ts'
import { type Step, stepsOf } from './wire.ts'

/** What becomes of what is streamed. */
export interface StreamFate {
  /** An event has been sent whole. */
  event(event: ResponseStreamEvent): void
  /** The connection ended before the stream did. */
  cut(): void
}

/** Where a stream goes, and how it is written. */
export interface Outlet {
  wire: Wire
  dialect: Dialect
  exchange: Exchange
  machine: Machine
}

/** How far a stream has come. `steps` and `acts` may still change behind `next`. */
interface Course {
  wire: Wire
  dialect: Dialect
  /** What is sent, without how it ends. */
  frames: Exclude<Sent, string>[]
  steps: Step[]
  acts: Act[]
  /** The next step. */
  next: number
  /** Frames of which a byte may be sent: their gates have been asked. */
  begun: number
  /** Frames that were sent whole. */
  done: number
}

function courseOf(sent: readonly Sent[], wire: Wire, dialect: Dialect): Course {
  const steps = stepsOf(sent, wire, dialect)
  const frames = sent.filter((one) => typeof one === 'object')
  return { wire, dialect, frames, steps, acts: steps.map(({ act }) => act), next: 0, begun: 0, done: 0 }
}

/** How many frames have been sent at least in part: they are still finished, whatever comes after them. */
function sentInPart({ steps, next }: Course): number {
  return steps[next - 1]?.begun ?? 0
}

/** Puts one last event in the place of everything that was not begun. The wire's form goes on as it was. */
function cutShort(course: Course, last: { event: ResponseStreamEvent }): void {
  const { frames, steps, acts, next, wire, dialect } = course
  frames.splice(sentInPart(course), frames.length, last)
  const closing = stepsOf([...frames, 'end'], wire, dialect).slice(next)
  steps.splice(next, steps.length, ...closing)
  acts.splice(next, acts.length, ...closing.map(({ act }) => act))
}

/** Sends events as an SSE response, each event behind its gate; tells the watch of each. */
export async function openStream(
  sent: readonly Sent[],
  fate: StreamFate,
  { wire, dialect, exchange, machine }: Outlet,
  response: string,
  run?: BackgroundRun,
): Promise<Response> {
  if (!(await exchange.head())) {
    fate.cut()
    return Response.error()
  }
  const { gate, watch } = machine
  const { number } = exchange
  const course = courseOf(sent, wire, dialect)
  let outcome: ResponseEnd | undefined
  const end = (ended: ResponseEnd) => {
    outcome = ended
    run?.readers.delete(reader)
    if (ended === 'cut') fate.cut()
  }
  const reader = {
    cancelled() {
      const last = cancelledStreamEnd(response, machine, sentInPart(course))
      if (last !== undefined) cutShort(course, last)
    },
  }
  run?.readers.add(reader)

  const tell = (index: number) => {
    const one = course.frames[index]
    if (one === undefined) return
    const event = 'garbage' in one ? one.garbage : one.event
    watch({ type: 'stream.event', request: number, index, event })
    if (typeof event === 'string') return
    fate.event(event)
    const ended = outcomeOf(event, course.frames.length === index + 1)
    if (ended === undefined || outcome !== undefined) return
    end(ended)
    exchange.end(ended, 200, response)
  }
  const body = bodyOf(
    course.acts,
    {
      before(at) {
        const from = course.begun
        course.begun = course.steps[at]?.begun ?? from
        if (gate === undefined) return undefined
        return passGates(from, course.begun, (index) => gate({ kind: 'event', request: number, index }))
      },
      after(at) {
        course.next = at + 1
        for (const upTo = course.steps[at]?.done ?? 0; course.done < upTo; course.done++) tell(course.done)
        const act = course.acts[at] ?? 'end'
        if (act === 'stall') watch({ type: 'stalled', request: number })
        if (outcome !== undefined || (act !== 'end' && act !== 'reset')) return
        // A stream that was resumed behind its last event is empty and whole.
        end(act === 'end' && sent.at(-1) === 'end' ? 'http' : 'cut')
        exchange.end(outcome ?? 'cut', 200, response)
      },
      cancelled() {
        if (outcome !== undefined) return
        end('cut')
        exchange.cancelled()
      },
    },
    exchange.incoming.signal,
  )
  return new Response(body, { status: 200, headers: { ...exchange.headers('sse'), ...CHUNKED } })
}

const OUTCOMES: Readonly<Record<string, ResponseEnd>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
}

/** The outcome that an event decides; an `error` event decides only where nothing follows it. */
function outcomeOf(event: ResponseStreamEvent, last: boolean): ResponseEnd | undefined {
  return OUTCOMES[event.type] ?? (event.type === 'error' && last ? 'failed' : undefined)
}

/** Opens the gates of the events that begin in one step, one after the other. */
function passGates(
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
