import fc from 'fast-check'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { describe, expect, it } from 'vitest'
import { parseSse } from '../sse.ts'
import { formatSse } from '../testing/format-sse.ts'
import { spoilStream } from './faults/stream.ts'
import { answers, functionTool, TOOLS, wires } from './testing/arbitraries.ts'
import { composeForTest, readAsClient } from './testing/composed.ts'
import type { Wire } from './types.ts'
import { addUnknownEvents, buildSteps, type Step } from './wire.ts'

const tools = TOOLS.map(functionTool)
const streams = answers.map((answer) => composeForTest(answer, { tools }).events)

function bytesOf(steps: readonly Step[]): Uint8Array[] {
  return steps.flatMap(({ act }) => (typeof act === 'object' ? [act.send] : []))
}

function textOf(steps: readonly Step[]): string {
  return new TextDecoder().decode(Buffer.concat(bytesOf(steps)))
}

const written = (events: readonly ResponseStreamEvent[], wire: Wire) =>
  buildSteps(spoilStream(addUnknownEvents(events, wire)), wire)

describe('the wire', () => {
  it('has the service’s own form when nothing else is asked: LF, one chunk an event', () => {
    fc.assert(
      fc.property(streams, (events) => {
        expect(bytesOf(written(events, {})).map((bytes) => new TextDecoder().decode(bytes))).toEqual(
          events.map(formatSse),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('parses back to the same events in every form', () => {
    fc.assert(
      fc.property(streams, wires, (events, wire) => {
        const frames = parseSse(textOf(written(events, wire)))
        if (wire.done) expect(frames.pop()?.data).toBe('[DONE]')
        const parsed = frames.map(({ event, data }) => ({ event, data: JSON.parse(data) }))
        const known = parsed.filter(({ event }) => event !== 'response.conformance.unknown')
        expect(known.length < parsed.length).toBe(wire.unknown === true)
        if (wire.noSequence) expect(parsed.some(({ data }) => 'sequence_number' in data)).toBe(false)
        else expect(parsed.map(({ data }) => data.sequence_number)).toEqual(parsed.map((_, at) => at))
        const plain = (list: { event?: string | undefined; data: Record<string, unknown> }[]) =>
          list.map(({ event, data: { sequence_number: _, ...data } }) => ({ event, data }))
        expect(plain(known)).toEqual(plain(readAsClient(events)))
      }),
      { numRuns: 200 },
    )
  })

  it('cuts into chunks of exactly that size, and loses nothing before a break', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 300 }), fc.nat(40), (events, chunk, at) => {
        const sent = spoilStream(events, { kind: 'reset', at })
        const steps = buildSteps(sent, { chunk })
        const sizes = bytesOf(steps).map(({ length }) => length)
        expect(sizes.slice(0, -1).every((size) => size === chunk)).toBe(true)
        expect(sizes.every((size) => size > 0 && size <= chunk)).toBe(true)
        expect(textOf(steps)).toBe(textOf(buildSteps(sent, {})))
        expect(steps.at(-1)?.act).toBe('reset')
      }),
      { numRuns: 100 },
    )
  })

  it('counts an event as begun with its first byte and as done with its last, or with the CR before that', () => {
    fc.assert(
      fc.property(streams, wires, (events, wire) => {
        const sent = spoilStream(addUnknownEvents(events, wire))
        const frames = bytesOf(framesAlone(sent, wire))
        let total = 0
        const offsets = frames.map(({ length }) => {
          total += length
          return total
        })
        const count = sent.length - 1
        let position = 0
        for (const { act, begun, done } of buildSteps(sent, wire)) {
          if (typeof act !== 'object') continue
          const start = position
          position += act.send.length
          // A CR alone ends a line, so that a client may have the event before the LF arrives.
          const spare = wire.eol === 'crlf' && wire.chunk !== undefined ? 1 : 0
          const wholly = offsets.slice(0, count).filter((end) => end - spare <= position).length
          const touched = offsets.slice(0, count).filter((_, at) => (offsets[at - 1] ?? 0) < position).length
          expect({ start, begun, done }).toEqual({ start, begun: touched, done: wholly })
        }
      }),
      { numRuns: 100 },
    )
  })
})

const framesAlone = (sent: Parameters<typeof buildSteps>[0], wire: Wire) => {
  const { chunk: _, ...rest } = wire
  return buildSteps(sent, rest)
}
