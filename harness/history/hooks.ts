import type { History, HistoryEvent } from '../contract/events.ts'
import type { HookName } from '../plan/types.ts'
import {
  type AgentTurn,
  hasHandoff,
  listActivations,
  listAgentTurns,
  listHandoffTargets,
} from './activations.ts'
import { memoize } from './projection.ts'
import { type At, listNestedAgents, listOuterRequests, type RunRecord } from './runs.ts'

export type HookCall = At<Extract<HistoryEvent, { kind: 'hook' }>>

/**
 * Returns the calls of a hook for the agents that had the conversation. Returns undefined if that is unknown: other
 * agents were called as tools, and a call does not name its agent.
 */
export function listOwnHooks(story: RunRecord, name: HookName): HookCall[] | undefined {
  const hooks = story.hooks.filter(({ event }) => event.name === name && !event.second)
  const nested = listNestedAgents(story)
  if (nested.size > 0 && hooks.some(({ event }) => event.agent === undefined)) return undefined
  // No call says for which of its runs it was if an agent is its own tool.
  if (listActivations(story).some(({ agent }) => nested.has(agent))) return undefined
  const idle = listIdleAgents(hooks, story)
  return hooks.filter(
    ({ event: { agent } }) => agent === undefined || !(nested.has(agent) || idle.has(agent)),
  )
}

/**
 * Returns the agents of hook calls that were called as tools and failed before their first request: they sent none and were not
 * handed the conversation. Unknown if no call is for an agent that had the conversation, because a workflow may call its hooks
 * for one agent only.
 */
function listIdleAgents(hooks: readonly HookCall[], story: RunRecord): ReadonlySet<string | undefined> {
  const outer = new Set(listOuterRequests(story).map(({ asked }) => asked.agent))
  const called = new Set(hooks.map(({ event }) => event.agent))
  if (outer.has(undefined) || outer.isDisjointFrom(called)) return new Set()
  return called.difference(outer).difference(new Set(story.requests.flatMap(listHandoffTargets)))
}

/**
 * Returns the second call of a hook for the same turn of an agent, or undefined. A call that opens a turn belongs to
 * the next turn, any other call to the turn before. A call that does not name its agent belongs to any agent.
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

/** Returns the first hook that threw and that may fail the run. What fails an agent that runs as a tool, its caller is told. */
export function findThrowingHook(story: RunRecord): HookCall | undefined {
  const nested = listNestedAgents(story)
  const outer = new Set(listOuterRequests(story).map(({ asked }) => asked.agent))
  return story.hooks.find(({ event: { threw, agent } }) => {
    if (!threw) return false
    if (agent === undefined) return nested.size === 0
    if (nested.has(agent)) return false
    // An agent that sent no request either took the conversation over, or was called as a tool.
    return outer.size === 0 || outer.has(agent) || outer.has(undefined) || hasHandoff(story)
  })
}

/** A turn that sent no request: something failed or stopped it first. */
const UNASKED = 'unasked'

/** Returns a function that finds the turn that a hook call opens. */
export const createOpenedTurnFinder = memoize((story: RunRecord) => {
  const turns = listAgentTurns(story)
  const last = turns.at(-1)?.requests.at(-1)
  // After these events a run goes on with another turn, which may not have sent its first request.
  const goesOn = hasHandoff(story) || story.started.flow !== undefined
  return ({ at, event }: HookCall): AgentTurn | typeof UNASKED | undefined =>
    goesOn && last?.ended !== undefined && at > last.ended.at
      ? UNASKED
      : turns.findLast((turn) => turn.from <= at && isOfAgent(turn, event.agent))
})

/** Returns a function that finds the turn that a hook call closes. */
export const createClosedTurnFinder = memoize((story: RunRecord) => {
  const turns = listAgentTurns(story)
  return ({ at, event }: HookCall): AgentTurn | undefined =>
    turns.findLast(({ agent, requests: [first] }) => {
      return first !== undefined && first.at <= at && isOfAgent({ agent }, event.agent)
    })
})

function isOfAgent(turn: Pick<AgentTurn, 'agent'>, agent: string | undefined): boolean {
  return agent === undefined || turn.agent === undefined || turn.agent === agent
}

/** Returns whether each call of a hook names its run. Only then can a missing call be noticed. */
export function hasHookWithRun(history: History, name: HookName): boolean {
  return !history.some((event) => event.kind === 'hook' && event.name === name && event.run === null)
}

/**
 * Returns whether a hook that the plan made throw was called at this index or later. Before that, the hook cannot
 * have failed the run.
 */
export function hasThrowingHookSince({ hooks }: RunRecord, at: number): boolean {
  return hooks.some((hook) => hook.at >= at && hook.event.threw)
}
