import { createHash } from 'node:crypto'
import type { Item } from '../../mocks/service/types.ts'
import type { Plan } from './types.ts'

/** What a canary looks like: its conversation, turn and number in it, and eight hex digits that nothing else has. */
export const CANARY = /canary-(\d+)\.(\d+)\.(\d+)-[0-9a-f]{8}/g

/** The token of one text of a plan: it tells whose text it is wherever it turns up. */
export function canary(seed: string, conversation: number, turn: number, number: number): string {
  const place = `${conversation}.${turn}.${number}`
  const hex = createHash('sha256').update(`${seed}\n${place}`).digest('hex').slice(0, 8)
  return `canary-${place}-${hex}`
}

/**
 * The plan with a canary of its own in each user message (number 0) and each text of an answer (1, 2, … in order).
 * Texts that are in the plan already stay, after the canary.
 */
export function withCanaries(plan: Plan): Plan {
  const conversations = plan.conversations.map((conversation, line) => ({
    ...conversation,
    turns: conversation.turns.map((turn, number) => {
      let next = 1
      const mark = (text: string) => `${canary(plan.seed, line, number, next++)} ${text}`.trim()
      return {
        ...turn,
        say: `${canary(plan.seed, line, number, 0)} ${turn.say}`.trim(),
        answers: turn.answers.map((answer) => ({
          ...answer,
          items: answer.items.map(
            (item): Item =>
              item.type === 'text' || item.type === 'refusal' ? { ...item, text: mark(item.text) } : item,
          ),
        })),
      }
    }),
  }))
  return { ...plan, conversations }
}
