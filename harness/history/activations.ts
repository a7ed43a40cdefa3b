import type { JsonObject } from '../../mocks/json.ts'
import { memoize } from './projection.ts'
import { isAnsweredWhole, listOuterRequests, type RequestRecord, type RunRecord } from './runs.ts'

/** One agent's stretch of a run: from its first request since it has the conversation to its last before another has it. */
export interface Activation {
  agent: string | undefined
  /** More than one where the agent goes on by itself after an answer. */
  turns: AgentTurn[]
  requests: RequestRecord[]
}

/** What an agent asks until it answers without a call: one round of it, tool loop and all. */
export interface AgentTurn {
  agent: string | undefined
  /** Where the turn before it was over: what is told of the agent from here on may be told of this turn. */
  from: number
  requests: RequestRecord[]
}

/**
 * Who had the conversation in a run, in order. Agents called as tools are inside the activation that calls them, and are
 * no part of this.
 */
export const listActivations = memoize((story: RunRecord): readonly Activation[] => {
  const activations: Activation[] = []
  let last: RequestRecord | undefined
  for (const request of listOuterRequests(story)) {
    const { agent, attempt } = request.asked
    const from = last === undefined ? story.at : (last.ended?.at ?? last.at)
    let activation = activations.at(-1)
    if (activation === undefined || last?.asked.agent !== agent) {
      activation = { agent, turns: [], requests: [] }
      activations.push(activation)
    }
    const isOver =
      last !== undefined && ((attempt === 0 && endsTurn(last)) || isAbandoned(last, request, story))
    const turn = activation.turns.at(-1)
    if (turn !== undefined && !isOver) turn.requests.push(request)
    else activation.turns.push({ agent, from, requests: [request] })
    activation.requests.push(request)
    last = request
  }
  return activations
})

/** The turns of all activations of a run, in order. */
export function listAgentTurns(story: RunRecord): AgentTurn[] {
  return listActivations(story).flatMap(({ turns }) => turns)
}

/** Whether an agent that can hand off is done with a turn: its answer is whole, and calls nothing. */
export function endsTurn(request: RequestRecord): boolean {
  return request.asked.handoffs !== undefined && isAnsweredWhole(request) && listCalls(request).length === 0
}

/**
 * Whether an agent that can hand off took a broken answer for its last word: it asks on, and neither again nor with outputs. Its
 * next turn may ask the very same; then it has told that it was done.
 */
function isAbandoned(last: RequestRecord, { at, asked }: RequestRecord, { hooks }: RunRecord): boolean {
  const { ended } = last
  if (last.asked.handoffs === undefined || ended === undefined) return false
  if (isAnsweredWhole(last) || ended.event.how === 'http') return false
  if (asked.attempt === 0) return asked.context.at(-1)?.['type'] !== 'function_call_output'
  const between = hooks.filter((hook) => hook.at > ended.at && hook.at < at)
  return between.some(({ event }) => event.name === 'after_run' && event.agent === asked.agent)
}

/** The calls of an answer. */
export function listCalls({ ended }: RequestRecord): JsonObject[] {
  return (ended?.event.response?.output ?? []).filter(({ type }) => type === 'function_call')
}

/** The agents that an answer hands the conversation to: mostly none, and one is meant; only a whole answer does. */
export function listHandoffTargets(request: RequestRecord): string[] {
  return isAnsweredWhole(request)
    ? listCalls(request).flatMap((call) => findHandoffTarget(request, call) ?? [])
    : []
}

/** The agent that a call hands the conversation to; undefined for a call of a tool. */
export function findHandoffTarget({ asked }: RequestRecord, call: JsonObject): string | undefined {
  return asked.handoffs?.[String(call['name'])]
}

/** Whether the agent of a run's last request had done its part by then: it handed the conversation on. */
export function hasHandoff(story: RunRecord): boolean {
  const last = listOuterRequests(story).at(-1)
  return last !== undefined && listHandoffTargets(last).length > 0
}
