import type { JsonObject } from '../../mocks/json.ts'
import { projection } from './projection.ts'
import { answeredWhole, outermostRequests, type RequestStory, type RunStory } from './runs.ts'

/** One agent's stretch of a run: from its first request since it has the conversation to its last before another has it. */
export interface Activation {
  agent: string | undefined
  /** More than one where the agent goes on by itself after an answer. */
  turns: AgentTurn[]
  requests: RequestStory[]
}

/** What an agent asks until it answers without a call: one round of it, tool loop and all. */
export interface AgentTurn {
  agent: string | undefined
  /** Where the turn before it was over: what is told of the agent from here on may be told of this turn. */
  from: number
  requests: RequestStory[]
}

/**
 * Who had the conversation in a run, in order. Agents called as tools are inside the activation that calls them, and are
 * no part of this.
 */
export const activationsOf = projection((story: RunStory): readonly Activation[] => {
  const activations: Activation[] = []
  let last: RequestStory | undefined
  for (const request of outermostRequests(story)) {
    const { agent, attempt } = request.asked
    const from = last === undefined ? story.at : (last.ended?.at ?? last.at)
    let activation = activations.at(-1)
    if (activation === undefined || last?.asked.agent !== agent) {
      activation = { agent, turns: [], requests: [] }
      activations.push(activation)
    }
    const isOver =
      last !== undefined && ((attempt === 0 && endsTurn(last)) || leftBehind(last, request, story))
    const turn = activation.turns.at(-1)
    if (turn !== undefined && !isOver) turn.requests.push(request)
    else activation.turns.push({ agent, from, requests: [request] })
    activation.requests.push(request)
    last = request
  }
  return activations
})

/** The turns of all activations of a run, in order. */
export function turnsOf(story: RunStory): AgentTurn[] {
  return activationsOf(story).flatMap(({ turns }) => turns)
}

/** Whether an agent that can hand off is done with a turn: its answer is whole, and calls nothing. */
export function endsTurn(request: RequestStory): boolean {
  return request.asked.handoffs !== undefined && answeredWhole(request) && callsIn(request).length === 0
}

/**
 * Whether an agent that can hand off took a broken answer for its last word: it asks on, and neither again nor with outputs. Its
 * next turn may ask the very same; then it has told that it was done.
 */
function leftBehind(last: RequestStory, { at, asked }: RequestStory, { hooks }: RunStory): boolean {
  const { ended } = last
  if (last.asked.handoffs === undefined || ended === undefined) return false
  if (answeredWhole(last) || ended.event.how === 'http') return false
  if (asked.attempt === 0) return asked.context.at(-1)?.['type'] !== 'function_call_output'
  const between = hooks.filter((hook) => hook.at > ended.at && hook.at < at)
  return between.some(({ event }) => event.name === 'after_run' && event.agent === asked.agent)
}

/** The calls of an answer. */
export function callsIn({ ended }: RequestStory): JsonObject[] {
  return (ended?.event.response?.output ?? []).filter(({ type }) => type === 'function_call')
}

/** The agents that an answer hands the conversation to: mostly none, and one is meant; only a whole answer does. */
export function handedTo(request: RequestStory): string[] {
  return answeredWhole(request) ? callsIn(request).flatMap((call) => handoffOf(request, call) ?? []) : []
}

/** The agent that a call hands the conversation to; undefined for a call of a tool. */
export function handoffOf({ asked }: RequestStory, call: JsonObject): string | undefined {
  return asked.handoffs?.[String(call['name'])]
}

/** Whether the agent of a run's last request had done its part by then: it handed the conversation on. */
export function hasHandedOn(story: RunStory): boolean {
  const last = outermostRequests(story).at(-1)
  return last !== undefined && handedTo(last).length > 0
}
