import type { JsonObject } from '../../mocks/json.ts'
import { memoize } from './projection.ts'
import { isAnsweredWhole, listOuterRequests, type RequestRecord, type RunRecord } from './runs.ts'

/** The part of a run in which one agent has the conversation, until it hands off. */
export interface Activation {
  agent: string | undefined
  /** More than one if the agent continues by itself after an answer. */
  turns: AgentTurn[]
  requests: RequestRecord[]
}

/** One turn of an agent: its requests up to an answer without a call. */
export interface AgentTurn {
  agent: string | undefined
  /** The index at which the turn before ended. Events of the agent after it may belong to this turn. */
  from: number
  requests: RequestRecord[]
}

/**
 * Returns which agents had the conversation in a run, in order. An agent that is called as a tool is not in the list.
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

/** Returns the turns of all activations of a run, in order. */
export function listAgentTurns(story: RunRecord): AgentTurn[] {
  return listActivations(story).flatMap(({ turns }) => turns)
}

/** Returns whether a request ends an agent's turn: its answer is whole and has no call. */
export function endsTurn(request: RequestRecord): boolean {
  return request.asked.handoffs !== undefined && isAnsweredWhole(request) && listCalls(request).length === 0
}

/**
 * Returns whether an agent took a broken answer as its last and went on with a new request, neither a retry nor one
 * with tool outputs. If the next turn sends the same request, a hook must have reported the end of this one.
 */
function isAbandoned(last: RequestRecord, { at, asked }: RequestRecord, { hooks }: RunRecord): boolean {
  const { ended } = last
  if (last.asked.handoffs === undefined || ended === undefined) return false
  if (isAnsweredWhole(last) || ended.event.how === 'http') return false
  if (asked.attempt === 0) return asked.context.at(-1)?.['type'] !== 'function_call_output'
  const between = hooks.filter((hook) => hook.at > ended.at && hook.at < at)
  return between.some(({ event }) => event.name === 'after_run' && event.agent === asked.agent)
}

/** Returns the tool calls in the answer to a request. */
export function listCalls({ ended }: RequestRecord): JsonObject[] {
  return (ended?.event.response?.output ?? []).filter(({ type }) => type === 'function_call')
}

/**
 * Returns the agents that an answer hands the conversation to, usually none or one. Only a whole answer hands off.
 */
export function listHandoffTargets(request: RequestRecord): string[] {
  return isAnsweredWhole(request)
    ? listCalls(request).flatMap((call) => findHandoffTarget(request, call) ?? [])
    : []
}

/** Returns the agent that a call hands the conversation to. Returns undefined for a call of an ordinary tool. */
export function findHandoffTarget({ asked }: RequestRecord, call: JsonObject): string | undefined {
  return asked.handoffs?.[String(call['name'])]
}

/** Returns whether the agent of the run's last request handed the conversation on. */
export function hasHandoff(story: RunRecord): boolean {
  const last = listOuterRequests(story).at(-1)
  return last !== undefined && listHandoffTargets(last).length > 0
}
