import type { Answer, Item } from '../../mocks/service/types.ts'
import { saysSomething } from './smaller-answer.ts'
import { lower, withoutKeys } from './smaller-parts.ts'
import { handsOff } from './team.ts'
import type { Flow, Plan } from './types.ts'

/**
 * The plan without one of the agents that others hand off to, and without all that is said of it: where it handed on, whoever
 * handed to it hands to the next one first.
 */
export function* fewerAgents(plan: Plan): Generator<Plan> {
  const handedTo = new Set(plan.team.flatMap(({ handoffs }) => handoffs))
  for (const { name, handoffs } of plan.team.slice(1).reverse()) {
    if (!handedTo.has(name)) continue
    const [next] = handoffs
    if (next !== undefined) yield withoutAgent(passing(plan, name, next), name)
    yield withoutAgent(plan, name)
  }
}

/** The plan with all that is handed to one agent handed to another. */
function passing(plan: Plan, from: string, to: string): Plan {
  const passed = (item: Item): Item => (item.type === 'handoff' && item.to === from ? { ...item, to } : item)
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
        answers: turn.answers.map((answer) => ({ ...answer, items: answer.items.map(passed) })),
      })),
    })),
  }
}

function withoutAgent({ flow, ...plan }: Plan, gone: string): Plan {
  const team = plan.team
    .filter(({ name }) => name !== gone)
    .map((agent) => ({ ...agent, handoffs: agent.handoffs.filter((name) => name !== gone) }))
  return {
    ...plan,
    team,
    ...(flow && handsOff(team) ? { flow: withoutLimitsOf(flow, gone) } : {}),
    conversations: plan.conversations.map((conversation) => ({
      ...conversation,
      turns: conversation.turns.map(({ recorded: _, ...turn }) => ({
        ...turn,
        answers: turn.answers
          .filter(({ agent }) => agent !== gone)
          .map((answer) => withoutHandoff(answer, gone))
          .filter(({ items }) => saysSomething(items)),
      })),
    })),
  }
}

function withoutHandoff(answer: Answer, gone: string): Answer {
  const stays = (item: Item) => item.type !== 'handoff' || item.to !== gone
  return { ...answer, items: answer.items.filter(stays) }
}

function withoutLimitsOf({ turnLimits, endAfter }: Flow, gone: string): Flow {
  const { [gone]: _, ...limits } = turnLimits
  return { turnLimits: limits, ...(endAfter && endAfter.agent !== gone ? { endAfter } : {}) }
}

/** The flow without its condition or one of its limits, or with one of its numbers lower. */
export function* smallerFlows(flow: Flow): Generator<Flow> {
  yield* withoutKeys(flow, ['endAfter'])
  const { turnLimits, endAfter } = flow
  for (const name of Object.keys(turnLimits)) {
    const { [name]: limit = 1, ...others } = turnLimits
    yield { ...flow, turnLimits: others }
    for (const less of lower(limit, (less) => ({ ...turnLimits, [name]: less })))
      yield { ...flow, turnLimits: less }
  }
  if (endAfter !== undefined)
    for (const less of lower(endAfter.messages, (messages) => ({ ...endAfter, messages })))
      yield { ...flow, endAfter: less }
}
