import type { History, HistoryEvent } from '../contract/events.ts'
import type { HookName } from '../plan/types.ts'
import { type AgentTurn, hasHandoff, listActivations, listAgentTurns } from './activations.ts'
import { type At, listNestedAgents, type RunRecord } from './runs.ts'

export type HookCall = At<Extract<HistoryEvent, { kind: 'hook' }>>

/**
 * A hook's calls for the agents that had the conversation. Undefined where that cannot be told: other agents were called
 * as tools, and a call does not say whose it was.
 */
export function listOwnHooks(story: RunRecord, name: HookName): HookCall[] | undefined {
  const hooks = story.hooks.filter(({ event }) => event.name === name)
  const nested = listNestedAgents(story)
  if (nested.size > 0 && hooks.some(({ event }) => event.agent === undefined)) return undefined
  // Of an agent that was its own tool no call says which of its runs it was for.
  if (listActivations(story).some(({ agent }) => nested.has(agent))) return undefined
  return hooks.filter(({ event }) => event.agent === undefined || !nested.has(event.agent))
}

/**
 * The second call of a hook for one and the same turn of an agent; undefined where there is none. A call that opens a turn
 * belongs to the one that comes next, any other to the one before; where it does not name its agent, to whoever that is.
 */
export function findRepeatedCall(story: RunRecord, name: HookName): HookCall | undefined {
  const [first, ...others] = listOwnHooks(story, name) ?? []
  if (first === undefined) return undefined
  const turnOf = name === 'before_run' ? createOpenedTurnFinder(story) : createClosedTurnFinder(story)
  const seen = new Set([turnOf(first)])
  return others.find((hook) => {
    const turn = turnOf(hook)
    if (seen.has(turn)) return true
    seen.add(turn)
    return false
  })
}

/** A turn of the run that asked for nothing: what fails or stops it comes first. */
const UNASKED = 'unasked'

/** The turn that a call opens. */
export function createOpenedTurnFinder(
  story: RunRecord,
): (hook: HookCall) => AgentTurn | typeof UNASKED | undefined {
  const turns = listAgentTurns(story)
  const last = turns.at(-1)?.requests.at(-1)
  // After these a run goes on by another turn, which need not have come to its first request.
  const goesOn = hasHandoff(story) || story.started.flow !== undefined
  return ({ at, event }) =>
    goesOn && last?.ended !== undefined && at > last.ended.at
      ? UNASKED
      : turns.findLast((turn) => turn.from <= at && isOfAgent(turn, event.agent))
}

/** The turn that a call closes. */
export function createClosedTurnFinder(story: RunRecord): (hook: HookCall) => AgentTurn | undefined {
  const turns = listAgentTurns(story)
  return ({ at, event }) =>
    turns.findLast(({ agent, requests: [first] }) => {
      return first !== undefined && first.at <= at && isOfAgent({ agent }, event.agent)
    })
}

function isOfAgent(turn: Pick<AgentTurn, 'agent'>, agent: string | undefined): boolean {
  return agent === undefined || turn.agent === undefined || turn.agent === agent
}

/** Whether the runtime's calls of a hook can be missed: each says for which run it was. */
export function hasHookWithRun(history: History, name: HookName): boolean {
  return !history.some((event) => event.kind === 'hook' && event.name === name && event.run === null)
}

/** Whether a hook that the plan had throw was called at this place or later: until then the run had not failed by it. */
export function hasThrowingHookSince({ hooks }: RunRecord, at: number): boolean {
  return hooks.some((hook) => hook.at >= at && hook.event.threw)
}
