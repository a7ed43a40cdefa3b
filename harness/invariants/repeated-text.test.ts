import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../history/runs.ts'
import { findTextDeliveredAgain } from './repeated-text.ts'

/** A run whose answers were sent in these pieces. */
function storyOf(...answers: string[][]): RunRecord {
  const requests = answers.map((pieces) => ({
    sent: [
      ...pieces.map((delta) => ({ event: { type: 'response.output_text.delta', delta } })),
      { event: { type: 'response.output_text.done' } },
    ],
  }))
  return { requests } as unknown as RunRecord
}

const isWhole = (said: string, delivered: string) => said === delivered

describe('findTextDeliveredAgain', () => {
  it.each([
    ['a text after its pieces', [['a', 'b']], ['a', 'b', 'ab'], 'ab'],
    [
      'two equal texts, each after its pieces',
      [
        ['O', 'K.'],
        ['O', 'K.'],
      ],
      ['O', 'K.', 'OK.', 'O', 'K.', 'OK.'],
      'OK.',
    ],
    ['one of two equal texts', [['OK.'], ['OK.']], ['OK.', 'OK.', 'OK.'], 'OK.'],
    ['nothing of two equal answers', [['OK.'], ['OK.']], ['OK.', 'OK.'], undefined],
    ['nothing where something else is wrong, too', [['a', 'b']], ['a', 'b', 'ab', 'c'], undefined],
    ['no piece that comes twice', [['a', 'b']], ['a', 'a', 'b'], undefined],
  ])('finds %s', (_, answers, texts, again) => {
    const said = answers.flat().join('')
    expect(findTextDeliveredAgain(storyOf(...answers), texts, [said], isWhole)).toBe(again)
  })
})
