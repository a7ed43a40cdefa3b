import fc from 'fast-check'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { describe, expect, it } from 'vitest'
import { checkStream } from '../../grammar/stream.ts'
import { answers, functionTool, TOOLS } from '../testing/arbitraries.ts'
import { composeForTest, readAsClient } from '../testing/composed.ts'
import { isModelFault, type StreamFault } from './stages.ts'
import { type Sent, spoilStream } from './stream.ts'

const tools = TOOLS.map(functionTool)
const streams = answers.map((answer) => composeForTest(answer, { tools }).events)
const places = fc.oneof(fc.nat({ max: 80 }), fc.constant(Number.MAX_SAFE_INTEGER))

function eventsOf(sent: readonly Sent[]): ResponseStreamEvent[] {
  return sent.flatMap((one) => (typeof one === 'object' && 'event' in one ? [one.event] : []))
}

/**
 * Applies a fault and asserts that exactly `at` events, never the terminal one, come before it. If the model is at fault, the
 * two events that begin a stream come in any case.
 */
function spoiled(
  events: ResponseStreamEvent[],
  fault: StreamFault,
): { sent: Sent[]; at: number; rest: Sent[] } {
  const sent = spoilStream(events, fault)
  const at = Math.min(Math.max(fault.at, isModelFault(fault) ? 2 : 0), events.length - 1)
  expect(sent.slice(0, at)).toEqual(events.slice(0, at).map((event) => ({ event })))
  return { sent, at, rest: sent.slice(at) }
}

describe('a spoiled stream', () => {
  it('is whole and ends well without a fault', () => {
    fc.assert(
      fc.property(streams, (events) => {
        expect(spoilStream(events)).toEqual([...events.map((event) => ({ event })), 'end'])
      }),
      { numRuns: 20 },
    )
  })

  it.each(['eof', 'reset', 'stall'] as const)('%s: nothing follows the events before it', (kind) => {
    fc.assert(
      fc.property(streams, places, (events, at) => {
        expect(spoiled(events, { kind, at }).rest).toEqual([kind])
      }),
    )
  })

  it('garbage: a frame that is no event, then the rest as if nothing had been', () => {
    fc.assert(
      fc.property(streams, places, (events, at) => {
        const { rest, sent } = spoiled(events, { kind: 'garbage', at, data: '{"broken' })
        expect(rest[0]).toEqual({ garbage: '{"broken' })
        expect(eventsOf(sent)).toEqual(events)
        expect(sent.at(-1)).toBe('end')
      }),
    )
  })

  it('failed: response.failed with its code, no output, no usage; legal, and never the first event', () => {
    fc.assert(
      fc.property(streams, places, (events, at) => {
        const { sent, rest } = spoiled(events, { kind: 'failed', at, code: 'rate_limit_exceeded' })
        expect(rest).toHaveLength(2)
        expect(eventsOf(sent).at(-1)).toMatchObject({
          type: 'response.failed',
          response: {
            status: 'failed',
            error: { code: 'rate_limit_exceeded' },
            output: [],
            usage: null,
            completed_at: null,
          },
        })
        expect(checkStream(readAsClient(eventsOf(sent))).breaches).toEqual([])
      }),
    )
  })

  it('incomplete: the service closes every open item as incomplete, which is legal at every place', () => {
    fc.assert(
      fc.property(
        streams,
        places,
        fc.constantFrom('max_output_tokens', 'content_filter'),
        (events, at, reason) => {
          const { sent } = spoiled(events, { kind: 'incomplete', at, reason })
          const all = eventsOf(sent)
          const last = all.at(-1)
          expect(last).toMatchObject({
            type: 'response.incomplete',
            response: { status: 'incomplete', incomplete_details: { reason } },
          })
          const done = all.flatMap((event) =>
            event.type === 'response.output_item.done' ? [event.item] : [],
          )
          expect(last !== undefined && 'response' in last && last.response.output).toEqual(done)
          expect(checkStream(readAsClient(all)).breaches).toEqual([])
        },
      ),
      { numRuns: 400 },
    )
  })

  it('error-event: nested as on the wire with response.failed behind it, flat as documented without', () => {
    fc.assert(
      fc.property(streams, places, (events, at) => {
        const nested = spoiled(events, {
          kind: 'error-event',
          at,
          form: 'nested',
          code: 'insufficient_quota',
        })
        expect(nested.rest).toMatchObject([
          {
            event: {
              type: 'error',
              error: { type: 'insufficient_quota', code: 'insufficient_quota', param: null },
              sequence_number: nested.at,
            },
          },
          { event: { type: 'response.failed', sequence_number: nested.at + 1 } },
          'end',
        ])
        const flat = spoiled(events, { kind: 'error-event', at, form: 'flat', code: 'server_error' })
        expect(flat.rest).toMatchObject([
          { event: { type: 'error', code: 'server_error', param: null } },
          'end',
        ])
      }),
    )
  })
})
