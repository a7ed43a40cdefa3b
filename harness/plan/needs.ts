import type { Item } from '../../mocks/service/types.ts'
import type { Capability } from '../contract/runtime.ts'
import { findHold, listHangingTools } from './held.ts'
import { sessionKinds } from './session-kinds.ts'
import { hasHandoffs, listAgentsUsedAsTools } from './team.ts'
import type { Plan } from './types.ts'

/** Returns the capabilities that a runtime needs to run the plan. */
export function listNeededCapabilities(plan: Plan): Capability[] {
  const needs = new Set<Capability>()
  const tools = plan.team.flatMap((agent) => agent.tools)
  if (tools.length > 0) needs.add('tools')
  if (listAgentsUsedAsTools(plan.team).size > 0) needs.add('agent-tool')
  if (hasHandoffs(plan.team)) needs.add('handoff')
  if (plan.flow) needs.add('flow')
  if (plan.team.some(({ settings }) => settings !== undefined)) needs.add('settings')
  if (plan.mode.toggles && plan.mode.toggles.length > 0) needs.add('toggle')
  if (plan.mode.sabotage) needs.add('spans')
  if (plan.mode.sabotage?.part.startsWith('hook-')) needs.add('step-hooks')
  const hanging = listHangingTools(plan.team)
  for (const { session, store, turns } of plan.conversations) {
    needs.add(session)
    const { worksUnstored } = sessionKinds[session]
    if (!store && worksUnstored === 'unstored-session') needs.add(worksUnstored)
    for (const { stream, answers, pull, stop, breaks, limit, adds, cleanups } of turns) {
      if (stream) needs.add('stream').add(pull)
      if (stop) needs.add(stop.how)
      if (stop && ('nothing' in stop.after || stop.again)) needs.add('signal')
      // A consumer that cannot leave its pull during a stall aborts its run instead.
      if (stop?.how === 'return' && answers.some((answer) => findHold(answer, hanging))) needs.add('abort')
      if (breaks) needs.add(breaks.hook)
      if (limit !== undefined) needs.add('limit')
      if (adds !== undefined) needs.add('added-instructions')
      if (cleanups !== undefined) needs.add('two-cleanups').add('cleanup')
      if (answers.some(({ items }) => items.filter(isCall).length > 1)) needs.add('parallel-tools')
      if (answers.some(({ items }) => items.some(isWrongCall))) needs.add('call-errors')
    }
  }
  return [...needs]
}

function isWrongCall(item: Item): boolean {
  return item.type === 'call' && item.wrong !== undefined
}

/** Returns whether an item of an answer calls a tool or hands off. */
export function isCall({ type }: Item): boolean {
  return type === 'call' || type === 'handoff'
}
