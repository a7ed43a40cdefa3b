import type { Defect } from '../defect.ts'
import { type Item, messageText } from '../items.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'ids-kept-without-reasoning',
  scenario: 'handoff-cycles',
  breaks: 'next-turn-accepted',
  does: 'Hands over the messages of an agent with their service ids, but without the reasoning before them.',
  source: 'https://github.com/openai/openai-python/issues/3008',
  smallest: { conversations: 1, answers: 3 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      retold: (items, isHandoff) =>
        soundHandoffs
          .retold(items, isHandoff)
          .map((item) => items.find((one) => isRetold(one, item)) ?? item),
    },
  }),
} satisfies Defect

function isRetold(one: Item, retold: Item): boolean {
  return one.type === 'message' && 'role' in retold && messageText(one) === messageText(retold)
}
