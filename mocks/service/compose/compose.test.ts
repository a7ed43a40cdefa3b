import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkStream } from '../../grammar/stream.ts'
import { answers, createOptions, functionTool, texts } from '../testing/arbitraries.ts'
import { composeForTest, readAsClient } from '../testing/composed.ts'

const says = (text: string) => ({ items: [{ type: 'text' as const, text }] })

describe('a composed stream', () => {
  it('passes the grammar, whatever is said and asked for', () => {
    fc.assert(
      fc.property(answers, createOptions, fc.boolean(), (answer, options, background) => {
        const { events } = composeForTest(answer, { ...options, background })
        expect(checkStream(readAsClient(events)).breaches).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('ends with the response that a JSON answer gives, and begins with the one it began as', () => {
    fc.assert(
      fc.property(answers, createOptions, (answer, options) => {
        const { events, begun, response } = composeForTest(answer, options)
        expect(events.at(-1)).toMatchObject({ response })
        expect(events[0]).toMatchObject({ type: 'response.created', response: begun })
        expect(Object.keys(response)).toEqual(Object.keys(begun))
      }),
    )
  })

  it('is one and the same for one seed', () => {
    fc.assert(
      fc.property(answers, fc.string(), (answer, seed) => {
        expect(composeForTest(answer, {}, seed)).toEqual(composeForTest(answer, {}, seed))
      }),
      { numRuns: 50 },
    )
  })

  it('pads every delta but those of refusals to a multiple of 16, unless the request says otherwise', () => {
    fc.assert(
      fc.property(answers, fc.constantFrom(true, false, undefined), (answer, padded) => {
        const options = padded === undefined ? {} : { stream_options: { include_obfuscation: padded } }
        const { events } = composeForTest(answer, {
          tools: ['get_weather', 'lookup'].map(functionTool),
          ...options,
        })
        for (const { data } of readAsClient(events)) {
          if (typeof data['delta'] !== 'string') continue
          const pads = padded !== false && data['type'] !== 'response.refusal.delta'
          expect('obfuscation' in data).toBe(pads)
          if (pads) expect((data['delta'].length + String(data['obfuscation']).length) % 16).toBe(0)
        }
      }),
    )
  })

  it('puts type first in every event, and fields by name after it', () => {
    const { events } = composeForTest({
      items: [...says('Hello').items, { type: 'reasoning', summary: ['Why'], encrypted: true }],
    })
    for (const event of events) {
      const [first, ...rest] = Object.keys(event)
      expect(first).toBe('type')
      expect(rest).toEqual([...rest].sort())
    }
  })

  it('cuts no delta through a surrogate pair, and has the measured medians', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const deltas = composeForTest(says(text)).events.flatMap((event) =>
          event.type === 'response.output_text.delta' ? [event.delta] : [],
        )
        expect(deltas.join('')).toBe(text)
        expect(deltas.every((delta) => delta.isWellFormed())).toBe(text.isWellFormed())
      }),
    )
    const { events } = composeForTest(says('abcdefgh '.repeat(2_000)))
    const sizes = events.flatMap((event) =>
      event.type === 'response.output_text.delta' ? [event.delta.length] : [],
    )
    sizes.sort((a, b) => a - b)
    expect(sizes[sizes.length >> 1]).toBe(4)
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBe(8)
  })

  it('says auto as it begins and default when it has ended, other tiers throughout (SERVICE-FACTS 9)', () => {
    const { begun, response } = composeForTest(says('x'))
    expect([begun.service_tier, response.service_tier]).toEqual(['auto', 'default'])
    expect(composeForTest(says('x'), { service_tier: 'flex' }).response.service_tier).toBe('flex')
  })

  it('is incomplete where max_output_tokens does not reach, and spends no more than that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (max_output_tokens) => {
        const { response, events } = composeForTest(says('word '.repeat(60)), { max_output_tokens })
        expect(response).toMatchObject({
          status: 'incomplete',
          incomplete_details: { reason: 'max_output_tokens' },
        })
        expect(response.usage?.output_tokens).toBeLessThanOrEqual(max_output_tokens)
        expect(checkStream(readAsClient(events)).breaches).toEqual([])
      }),
    )
  })
})
