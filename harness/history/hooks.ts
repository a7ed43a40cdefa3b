import type { HookName } from '../runtime.ts'
import type { History, HistoryEvent } from './events.ts'
import { type At, nestedAgents, outermostAgent, type RunStory } from './runs.ts'

export type HookSeen = At<Extract<HistoryEvent, { kind: 'hook' }>>

/**
 * A hook's calls for the agent that the consumer asked. Undefined where that cannot be told: other agents were called as
 * tools, and a call does not say whose it was.
 */
export function ownHooks(story: RunStory, name: HookName): HookSeen[] | undefined {
  const hooks = story.hooks.filter(({ event }) => event.name === name)
  const nested = nestedAgents(story).size > 0
  if (nested && hooks.some(({ event }) => event.agent === undefined)) return undefined
  if (!nested) return hooks
  const agent = outermostAgent(story)
  return hooks.filter(({ event }) => event.agent === agent)
}

/** Whether the runtime's calls of a hook can be missed: each says for which run it was. */
export function toldByRun(history: History, name: HookName): boolean {
  return !history.some((event) => event.kind === 'hook' && event.name === name && event.run === null)
}

/** Whether a hook that the plan had throw was called at this place or later: until then the run had not failed by it. */
export function brokenFrom({ hooks }: RunStory, at: number): boolean {
  return hooks.some((hook) => hook.at >= at && hook.event.threw)
}
