import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import type { Recording } from '../recordings/types.ts'
import { legalStreams } from '../testing/arbitrary-streams.ts'
import { buildExchange } from '../testing/exchanges.ts'
import { buildStream, copyData } from '../testing/streams.ts'
import { checkExchanges } from './exchange.ts'
import { allRules } from './rules.ts'
import { HANDLERS } from './stream/events.ts'
import { checkStream } from './stream.ts'
import type { StreamEvent } from './types.ts'
import { parseSseEvents } from './wire.ts'

const ids = new Set(allRules.map(({ id }) => id))
const anything = fc.jsonValue() as fc.Arbitrary<JsonObject[string]>
const itemType = fc.constantFrom('message', 'reasoning', 'function_call', 'shell_call', 'mcp_call', 'novelty')
const item = fc.record({
  type: itemType,
  id: fc.constantFrom('a', 'b'),
  content: anything,
  summary: anything,
})

/** Any event of a known type. Its fields may be right or wrong. */
const event: fc.Arbitrary<StreamEvent> = fc
  .record(
    {
      type: fc.constantFrom(...HANDLERS.keys(), 'novelty'),
      sequence_number: fc.oneof(fc.nat({ max: 9 }), anything),
      output_index: fc.oneof(fc.nat({ max: 3 }), anything),
      item_id: fc.oneof(fc.constantFrom('a', 'b'), anything),
      content_index: fc.oneof(fc.nat({ max: 2 }), anything),
      summary_index: fc.oneof(fc.nat({ max: 2 }), anything),
      command_index: fc.oneof(fc.nat({ max: 2 }), anything),
      delta: fc.oneof(fc.string(), anything),
      part: fc.oneof(
        fc.record({ type: fc.constantFrom('output_text', 'refusal'), text: anything }),
        anything,
      ),
      item: fc.oneof(item, anything),
      response: fc.oneof(fc.record({ id: fc.constantFrom('r', 's'), output: anything }), anything),
      error: anything,
      output: anything,
    },
    { requiredKeys: ['type'] },
  )
  .map((data) => ({ data }))

/** Asserts that all findings name known rules and existing events, in the order of the events. */
function expectSound(events: readonly StreamEvent[]): void {
  const { breaches, quirks } = checkStream(events)
  for (const { rule, at } of breaches) {
    expect(ids.has(rule)).toBe(true)
    expect(at).toBeGreaterThanOrEqual(0)
    expect(at).toBeLessThan(Math.max(1, events.length))
  }
  const order = breaches.map(({ at }) => at)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  for (const { times } of quirks) expect(times).toBeGreaterThan(0)
}

describe('hostile input', () => {
  test('any events are checked to their end', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 9, arbitrary: event },
            anything.map((data) => ({ data })),
          ),
          { maxLength: 30 },
        ),
        expectSound,
      ),
      { numRuns: 500 },
    )
  })

  test('a legal stream with any one field changed is checked to its end', () => {
    fc.assert(
      fc.property(legalStreams, fc.nat(), fc.nat(), anything, (plan, place, field, value) => {
        const events = buildStream(plan)
        const at = place % events.length
        const data = copyData(events)[at] ?? {}
        const key = Object.keys(data)[field % Object.keys(data).length] ?? 'type'
        expectSound(events.with(at, { data: { ...data, [key]: value } }))
      }),
      { numRuns: 500 },
    )
  })

  test('any exchanges are checked to their end', () => {
    const body = fc.dictionary(
      fc.constantFrom(
        'input',
        'tools',
        'text',
        'conversation',
        'previous_response_id',
        'output',
        'object',
        'id',
        'error',
      ),
      fc.oneof(anything, fc.array(item), fc.constantFrom('a', 'b', 'response')),
    )
    const recording: fc.Arbitrary<Recording> = fc
      .record({
        method: fc.constantFrom('GET', 'POST', 'DELETE'),
        path: fc.constantFrom(
          '/v1/responses',
          '/v1/responses/a',
          '/v1/conversations',
          '/v1/conversations/a',
          '/x',
        ),
        body,
        status: fc.constantFrom(200, 400, 404),
        json: body,
      })
      .map(({ method, path, body, status, json }) => buildExchange({ method, path, body }, { status, json }))
    fc.assert(
      fc.property(fc.array(recording, { maxLength: 5 }), (recordings) => {
        for (const { rule, at } of checkExchanges(recordings)) {
          expect(ids.has(rule)).toBe(true)
          expect(at).toBeLessThan(recordings.length)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('data nested beyond the limit are no JSON', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const events = parseSseEvents(`data: {"type":"response.created","response":${deep}}\n\n`)
    expect(typeof events[0]?.data).toBe('string')
    expect(checkStream(events).breaches[0]?.rule).toBe('event-is-object')
  })
})
