import type { Answer, Item } from '../../mocks/service/types.ts'
import { hasMoreThanReasoning } from './smaller-answer.ts'
import { mapLowerNumbers, removeEachKey } from './smaller-parts.ts'
import { hasHandoffs } from './team.ts'
import type { Flow, Plan } from './types.ts'

/**
 * Yields the plan without one agent that others hand off to, for each such agent, and without everything that names the
 * agent. If the agent hands off itself, the first candidate redirects the handoffs to its own target.
 */
export function* listPlansWithFewerAgents(plan: Plan): Generator<Plan> {
  const handedTo = new Set(plan.team.flatMap(({ handoffs }) => handoffs))
  for (const { name, handoffs } of plan.team.slice(1).reverse()) {
    if (!handedTo.has(name)) continue
    const [next] = handoffs
    if (next !== undefined) yield removeAgent(redirectHandoffs(plan, name, next), name)
    yield removeAgent(plan, name)
  }
}

/** Returns the plan with every handoff to `from` replaced by a handoff to `to`. */
function redirectHandoffs(plan: Plan, from: string, to: string): Plan {
  const redirect = (item: Item): Item =>
    item.type === 'handoff' && item.to === from ? { ...item, to } : item
  return {
    ...plan,
    team: plan.team.map((agent) => {
      const handoffs = agent.handoffs.map((name) => (name === from ? to : name))
      return { ...agent, handoffs: [...new Set(handoffs)].filter((name) => name !== agent.name) }
    }),
    conversations: plan.conversations.map((conversation) => ({
      ...conversation,
      turns: conversation.turns.map((turn) => ({
        ...turn,
        answers: turn.answers.map((answer) => ({ ...answer, items: answer.items.map(redirect) })),
      })),
    })),
  }
}

function removeAgent({ flow, ...plan }: Plan, gone: string): Plan {
  const team = plan.team
    .filter(({ name }) => name !== gone)
    .map((agent) => ({ ...agent, handoffs: agent.handoffs.filter((name) => name !== gone) }))
  return {
    ...plan,
    team,
    ...(flow && hasHandoffs(team) ? { flow: removeAgentFromFlow(flow, gone) } : {}),
    conversations: plan.conversations.map((conversation) => ({
      ...conversation,
      turns: conversation.turns.map(({ recorded: _, ...turn }) => ({
        ...turn,
        answers: turn.answers
          .filter(({ agent }) => agent !== gone)
          .map((answer) => removeHandoff(answer, gone))
          .filter(({ items }) => hasMoreThanReasoning(items)),
      })),
    })),
  }
}

function removeHandoff(answer: Answer, gone: string): Answer {
  const stays = (item: Item) => item.type !== 'handoff' || item.to !== gone
  return { ...answer, items: answer.items.filter(stays) }
}

function removeAgentFromFlow({ turnLimits, endAfter }: Flow, gone: string): Flow {
  const { [gone]: _, ...limits } = turnLimits
  return { turnLimits: limits, ...(endAfter && endAfter.agent !== gone ? { endAfter } : {}) }
}

/** Yields the flow without its condition, without one of its limits, or with one number lower. */
export function* listSmallerFlows(flow: Flow): Generator<Flow> {
  yield* removeEachKey(flow, ['endAfter'])
  const { turnLimits, endAfter } = flow
  for (const name of Object.keys(turnLimits)) {
    const { [name]: limit = 1, ...others } = turnLimits
    yield { ...flow, turnLimits: others }
    for (const less of mapLowerNumbers(limit, (less) => ({ ...turnLimits, [name]: less })))
      yield { ...flow, turnLimits: less }
  }
  if (endAfter !== undefined)
    for (const less of mapLowerNumbers(endAfter.messages, (messages) => ({ ...endAfter, messages })))
      yield { ...flow, endAfter: less }
}
