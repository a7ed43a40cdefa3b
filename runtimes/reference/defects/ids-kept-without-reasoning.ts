import type { Defect } from '../defect.ts'
import { type Item, readMessageText } from '../items.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'ids-kept-without-reasoning',
  scenario: 'handoff-cycles',
  breaks: 'next-turn-accepted',
  cause: 'item-with-its-reasoning',
  does: 'Hands over the messages of an agent with their service ids, but without the reasoning before them.',
  source: 'https://github.com/openai/openai-python/issues/3008',
  smallest: { conversations: 1, answers: 3 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      listSharedItems: (items, isHandoff) =>
        soundHandoffs
          .listSharedItems(items, isHandoff)
          .map((item) => items.find((one) => isSameMessage(one, item)) ?? item),
    },
  }),
} satisfies Defect

function isSameMessage(one: Item, retold: Item): boolean {
  return one.type === 'message' && 'role' in retold && readMessageText(one) === readMessageText(retold)
}
