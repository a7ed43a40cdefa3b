import type { History } from '../contract/events.ts'
import { hasHandoff } from '../history/activations.ts'
import { findThrowingHook, type HookCall, listOwnHooks } from '../history/hooks.ts'
import { groupByRun, hasSucceeded, listOuterRequests, type RunRecord } from '../history/runs.ts'
import type { HookName } from '../plan/types.ts'
import type { Invariant, Violation } from './types.ts'

export const hookErrorsSurface: Invariant = {
  id: 'hook-errors-surface',
  level: 'must',
  statement:
    'If a hook throws, its run fails. What a hook throws is not swallowed. If the hook belongs to an agent that runs as a tool, the caller is told.',
  source:
    'https://github.com/microsoft/agent-framework/issues/6866 (an error of a cleanup hook); the documentation of each hook that the runtime declares',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    listBrokenRuns(history).flatMap(({ story, hook }): Violation[] => {
      const { ended, run } = story
      if (ended === undefined || !hasSucceeded(story)) return []
      const { name } = hook.event
      const message = `run ${run} ${ended.outcome.status === 'incomplete' ? 'ended incomplete' : 'completed'}, although its hook ${name} threw`
      return [{ at: ended.at, message, cause: `${name} hook` }]
    }),
  countWitnesses: (history) => listBrokenRuns(history).length,
}

/** Returns the runs with a hook that threw, which nobody stopped. */
function listBrokenRuns(history: History): { story: RunRecord; hook: HookCall }[] {
  return groupByRun(history).runs.flatMap((story) => {
    const hook = findThrowingHook(story)
    return hook === undefined || story.stopped !== undefined || story.ended === undefined
      ? []
      : [{ story, hook }]
  })
}

const LAST: readonly HookName[] = ['result', 'after_run']

export const successHooksComeLast: Invariant = {
  id: 'success-hooks-come-last',
  level: 'must',
  statement:
    'The result and after_run hooks fire when the last answer has ended and the last tool has returned, so that only other hooks can still fail the run.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (after_run fires although the stream then fails)',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    listJudgedHooks(history).flatMap(({ story, hook }): Violation[] => {
      const late = findLaterWork(story, hook.at)
      if (late === undefined) return []
      const { name } = hook.event
      const message = `${name} fired for run ${story.run} before ${late.what}`
      return [{ at: hook.at, message, cause: `${name} before ${late.kind}` }]
    }),
  countWitnesses: (history) => listJudgedHooks(history).length,
}

/** Returns the calls of success hooks in runs of one agent that does not continue by itself. */
function listJudgedHooks(history: History): { story: RunRecord; hook: HookCall }[] {
  return groupByRun(history).runs.flatMap((story) => {
    const { started, stopped, handoffs } = story
    if (started.flow !== undefined || stopped !== undefined || handoffs.length > 0) return []
    if (listOuterRequests(story).length === 0 || hasHandoff(story)) return []
    return LAST.flatMap((name) => (listOwnHooks(story, name) ?? []).map((hook) => ({ story, hook })))
  })
}

/** Returns the work of a run that ended after an index and before the run did. */
function findLaterWork(story: RunRecord, at: number): { kind: string; what: string } | undefined {
  const end = story.ended?.at ?? Number.POSITIVE_INFINITY
  const isLater = (place: number | undefined) => place !== undefined && place > at && place < end
  const request = story.requests.find((one) => isLater(one.ended?.at) || isLater(one.at))
  if (request !== undefined)
    return { kind: 'an answer', what: `request ${request.asked.request} was answered` }
  const tool = story.toolEnds.find((one) => isLater(one.at))
  return tool === undefined ? undefined : { kind: 'a tool', what: `the tool ${tool.event.name} had ended` }
}
