import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { type Act, bodyOf } from '../body.ts'
import type { BackgroundRun } from './background.ts'
import { cancelledStreamEnd } from './cancelled.ts'
import { CHUNKED, type Exchange } from './exchange.ts'
import type { Sent } from './faults/stream.ts'
import type { Machine } from './machine.ts'
import type { Wire } from './types.ts'
import type { Outcome } from './watch.ts'
import { type Step, stepsOf } from './wire.ts'

/** What becomes of what is streamed. */
export interface StreamFate {
  /** An event has been sent whole. */
  event(event: ResponseStreamEvent): void
  /** The connection ended before the stream did. */
  cut(): void
}

/** Sends events as an SSE response, each event behind its gate; tells the watch of each. */
export async function openStream(
  sent: readonly Sent[],
  fate: StreamFate,
  { wire, exchange, machine }: { wire: Wire; exchange: Exchange; machine: Machine },
  response: string,
  run?: BackgroundRun,
): Promise<Response> {
  if (!(await exchange.head())) {
    fate.cut()
    return Response.error()
  }
  const { gate, watch } = machine
  const { number } = exchange
  const frames = sent.filter((one) => typeof one === 'object')
  const steps: Step[] = stepsOf(sent, wire)
  const acts: Act[] = steps.map(({ act }) => act)
  let next = 0
  let begun = 0
  let done = 0
  let outcome: Outcome | undefined

  const end = (ended: Outcome) => {
    outcome = ended
    exchange.end(ended, 200, response)
    if (run !== undefined) run.readers.delete(reader)
  }
  const reader = {
    cancelled() {
      // Frames of which a byte was sent are still finished: the wire's form goes on as it was.
      const whole = next === 0 ? 0 : (steps[next - 1]?.begun ?? 0)
      const last = cancelledStreamEnd(response, machine, whole)
      if (last === undefined) return
      frames.splice(whole, frames.length, last)
      const closing = stepsOf([...frames, 'end'], wire).slice(next)
      steps.splice(next, steps.length, ...closing)
      acts.splice(next, acts.length, ...closing.map(({ act }) => act))
    },
  }
  run?.readers.add(reader)

  const tell = (index: number) => {
    const one = frames[index]
    if (one === undefined) return
    if ('garbage' in one) return watch({ type: 'stream.event', request: number, index, event: one.garbage })
    const { event } = one
    watch({ type: 'stream.event', request: number, index, event })
    fate.event(event)
    const ended = outcomeOf(event, frames.length === index + 1)
    if (ended !== undefined && outcome === undefined) end(ended)
  }
  const body = bodyOf(
    acts,
    {
      before(at) {
        const from = begun
        begun = steps[at]?.begun ?? begun
        return gate === undefined
          ? undefined
          : passGates(from, begun, (index) => gate({ kind: 'event', request: number, index }))
      },
      after(at) {
        next = at + 1
        const upTo = steps[at]?.done ?? done
        for (; done < upTo; done++) tell(done)
        const act = acts[at] ?? 'end'
        if (outcome !== undefined || (act !== 'end' && act !== 'reset')) return
        // A stream that was resumed behind its last event is empty and whole.
        if (act === 'end' && sent.at(-1) === 'end') return end('http')
        end('cut')
        fate.cut()
      },
      cancelled() {
        if (outcome !== undefined) return
        outcome = 'cut'
        run?.readers.delete(reader)
        fate.cut()
        exchange.cancelled()
      },
    },
    exchange.incoming.signal,
  )
  return new Response(body, { status: 200, headers: { ...exchange.headers('sse'), ...CHUNKED } })
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
}

/** The outcome that an event decides; an `error` event decides only where nothing follows it. */
function outcomeOf(event: ResponseStreamEvent, last: boolean): Outcome | undefined {
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
