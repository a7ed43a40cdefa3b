import type { Plan } from '../../../harness/plan/types.ts'
import { createPlainPlan } from '../../../harness/testing/plans.ts'

/** What is told of a violation, with a text in every place where somebody else's may stand. */
export function buildHostileCounterexample(text: string) {
  return {
    counterexample: {
      schema: 1 as const,
      ...{ runtime: text, version: '1.0.0', scenario: 'some', invariant: 'loud' },
      violations: [{ at: 0, message: text, cause: text }],
      ends: [],
      plan: buildHostilePlan(text),
    },
    statement: 'Nothing is loud.',
    source: text,
  }
}

export function buildHostilePlan(text: string): Plan {
  const { team, conversations, ...rest } = createPlainPlan({ kind: 'garbage', at: 1, data: text })
  return {
    ...rest,
    team: team.map((agent) => ({ ...agent, instructions: text })),
    conversations: conversations.map((one) => ({
      ...one,
      turns: one.turns.map((turn) => ({ ...turn, say: text })),
    })),
  }
}

/** An exchange whose headers and pieces hold a text. */
export function buildHostileExchange(text: string, asked: string) {
  return {
    ...{ method: 'POST', path: '/v1/responses', asked, status: 200 },
    headers: { 'content-type': text },
    pieces: [text, { base64: 'wyg=' }],
    end: 'done' as const,
  }
}
