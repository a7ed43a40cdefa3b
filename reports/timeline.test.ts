import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Moment } from '../harness/history/timeline.ts'
import { formatTimeline } from './timeline.ts'

const moments: fc.Arbitrary<Moment[]> = fc.array(
  fc.record(
    {
      at: fc.nat(99),
      step: fc.nat(200),
      conversation: fc.option(fc.nat(6)),
      text: fc.string({ unit: 'binary', minLength: 1 }),
      broken: fc.constant(true as const),
    },
    { requiredKeys: ['at', 'conversation', 'text'] },
  ),
  { minLength: 1, maxLength: 12 },
)

describe('formatTimeline', () => {
  it('gives a line a moment, none wider than asked for, each text as data', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 40, max: 200 }), (moments, width) => {
        const lines = formatTimeline(moments, width)
        expect(lines.length - moments.length).toBeGreaterThanOrEqual(0)
        expect(lines.length - moments.length).toBeLessThanOrEqual(1)
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(width)
          // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come through
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
        }
        expect(lines.filter((line) => line.includes('▶')).length).toBeGreaterThanOrEqual(
          moments.filter(({ broken }) => broken).length,
        )
      }),
    )
  })

  it('has a column for each conversation, in their order, the violation marked', () => {
    const lines = formatTimeline(
      [
        { at: 1, conversation: 0, text: 'asks' },
        { at: 2, step: 0, conversation: 3, text: 'asks' },
        { at: 3, step: 1, conversation: 0, text: 'fails', broken: true },
        { at: 4, step: 1, conversation: null, text: 'stderr: "oh"' },
      ],
      70,
    )
    expect(lines).toEqual([
      'step  conversation 0                  conversation 3',
      '      asks',
      '   0                                  asks',
      '   1  ▶ fails',
      '   1  stderr: "oh"',
    ])
  })

  it('names the conversation in each line where there are more than columns', () => {
    const lines = formatTimeline(
      [0, 1, 2, 3, 4].map((conversation) => ({ at: conversation, conversation, text: 'asks' })),
      120,
    )
    expect(lines.map((line) => line.trim())).toEqual(['0: asks', '1: asks', '2: asks', '3: asks', '4: asks'])
  })
})
