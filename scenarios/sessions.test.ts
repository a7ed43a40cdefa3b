import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capabilitiesWithoutHandoff } from '../harness/plan/arbitraries/everything.ts'
import type { Conversation, Turn } from '../harness/plan/types.ts'
import scenario from './sessions.ts'

const PLANS = 200
const drawn = fc.sample(scenario.plans(capabilitiesWithoutHandoff), { numRuns: PLANS, seed: 1 })
const conversations = drawn.flatMap((plan) => plan.conversations)

/** Whether a turn that is not its conversation's last is so. */
function comesUp(is: (turn: Turn, conversation: Conversation) => boolean): boolean {
  return conversations.some((one) => one.turns.slice(0, -1).some((turn) => is(turn, one)))
}

const spoiledBy = (status: number) => (turn: Turn) =>
  turn.answers.some(({ faults = [] }) =>
    faults.some((fault) => fault.kind === 'http' && fault.status === status),
  )
const reasons = ({ answers }: Turn, encrypted: boolean) =>
  answers.some(({ items }) => items.some((item) => item.type === 'reasoning' && item.encrypted === encrypted))
const isStoppedInTool = ({ stop }: Turn) => stop !== undefined && 'toolStarts' in stop.after

describe(`${PLANS} plans of sessions`, () => {
  it.each<[string, (turn: Turn, conversation: Conversation) => boolean]>([
    ['a 429 after which the client asks again', spoiledBy(429)],
    ['a 500 after which the client asks again', spoiledBy(500)],
    ['a 503 after which the client asks again', spoiledBy(503)],
    ['a run stopped inside a tool', isStoppedInTool],
    ['reasoning to be carried', (turn) => reasons(turn, false)],
    ['encrypted reasoning, nothing stored', (turn, { store }) => !store && reasons(turn, true)],
    ['a run stopped inside a tool, nothing stored', (turn, { store }) => !store && isStoppedInTool(turn)],
    ...(['history', 'previous-response', 'conversation-object', 'runtime-default'] as const).map(
      (session): [string, (turn: Turn, conversation: Conversation) => boolean] => [
        `a run stopped inside a tool, carried by ${session}`,
        (turn, conversation) => conversation.session === session && isStoppedInTool(turn),
      ],
    ),
  ])('have: %s, then a next turn', (_, is) => {
    expect(comesUp(is)).toBe(true)
  })

  it('are long', () => {
    const turns = conversations.map((one) => one.turns.length)
    expect([Math.min(...turns), Math.max(...turns)]).toEqual([3, 7])
  })
})
