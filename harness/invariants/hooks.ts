import type { History } from '../contract/events.ts'
import { hasHandoff, listActivations, listAgentTurns } from '../history/activations.ts'
import {
  createClosedTurnFinder,
  createOpenedTurnFinder,
  findRepeatedCall,
  type HookCall,
  hasHookWithRun,
  hasThrowingHookSince,
  listOwnHooks,
} from '../history/hooks.ts'
import { groupByRun, hasSucceeded, type RunRecord, readRunStatus } from '../history/runs.ts'
import type { HookName } from '../plan/types.ts'
import { nameRunEnd } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

const LOONGSUITE = 'https://github.com/alibaba/loongsuite-python-agent/pull/184'
const AFTER_RUN = 'https://github.com/microsoft/agent-framework/issues/5231'

export const afterRunOnlyOnSuccess: Invariant = {
  id: 'after-run-only-on-success',
  level: 'must',
  statement:
    'The after_run hook fires for every run that completed (and for one that ended incomplete, if its documentation says so), and for no run that failed, was stopped or hung. Agents that handed off before the end of the run are exempt.',
  source: `${AFTER_RUN} (after_run context providers fire on a streaming error)`,
  since: '0.1.0',
  needs: ['after_run'],
  check(history) {
    const missed = hasHookWithRun(history, 'after_run')
    const alsoIncomplete = history.some((event) => event.kind === 'runtime' && event.afterIncomplete)
    const needing = new Set(alsoIncomplete ? ['completed', 'incomplete'] : ['completed'])
    return groupByRun(history).runs.flatMap((story) => [
      ...findCallsWithoutSuccess(story, 'after_run').filter(({ at }) => !isAfterHandoff(story, at)),
      ...(missed ? findMissingCall(story, 'after_run', needing) : []),
    ])
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.filter(
      (story) => readRunStatus(story) !== undefined && listOwnHooks(story, 'after_run') !== undefined,
    ).length,
}

/** Returns hook calls for a run that had failed, been stopped or hung before. Dropped runs are not checked. */
export function findCallsWithoutSuccess(story: RunRecord, name: HookName): Violation[] {
  const { run, stopped } = story
  const status = readRunStatus(story)
  if (status === undefined || hasSucceeded(story)) return []
  return (listOwnHooks(story, name) ?? [])
    .filter(({ at }) => !hasThrowingHookSince(story, at) && !(stopped !== undefined && at < stopped.at))
    .map(({ at }) => ({
      at,
      message: `${name} fired for run ${run}, which ${formatStatus(status)}`,
      cause: `${name} fired, ${nameRunEnd(story)}`,
    }))
}

/** Returns whether the hook call at this event belongs to an agent that had finished its turn and handed off. */
function isAfterHandoff(story: RunRecord, at: number): boolean {
  const hook = story.hooks.find((one) => one.at === at)
  const turn = hook && createClosedTurnFinder(story)(hook)
  return turn !== undefined && (turn !== listAgentTurns(story).at(-1) || hasHandoff(story))
}

function formatStatus(status: string): string {
  return status === 'stopped' ? 'was stopped' : status
}

/** Returns a violation if a declared hook was not called for a run that ended in one of these ways. */
export function findMissingCall(story: RunRecord, name: HookName, needing: ReadonlySet<string>): Violation[] {
  const { run, ended, stopped } = story
  const status = readRunStatus(story)
  if (ended === undefined || status === undefined || !needing.has(status) || stopped !== undefined) return []
  if (listOwnHooks(story, name)?.length !== 0) return []
  const message = `${name} did not fire for run ${run}, which ${status === 'completed' ? status : 'ended incomplete'}`
  return [
    {
      at: ended.at,
      message,
      cause: `${name} missing, ${story.started.stream ? 'streamed' : 'not streamed'}`,
    },
  ]
}

export const beforeRunOnce: Invariant = {
  id: 'before-run-once',
  level: 'must',
  statement:
    'The before_run hook fires once per activation of an agent, before the first request of that activation. A hook that names no agent may fire once for the whole run.',
  source: `https://github.com/openai/openai-agents-python/pull/1015 (start hooks run as the first event, once an activation); ${LOONGSUITE} (hooks fire twice when runs overlap)`,
  since: '0.1.0',
  needs: ['before_run'],
  check(history) {
    const missed = hasHookWithRun(history, 'before_run')
    return groupByRun(history).runs.flatMap((story) => {
      const calls = listOwnHooks(story, 'before_run')
      if (calls === undefined) return []
      const again = findRepeatedCall(story, 'before_run')
      if (again !== undefined && story.requests.length > 0)
        return [
          {
            at: again.at,
            message: `before_run fired twice for ${nameRun(story, again)}`,
            cause: 'before_run fired twice',
          },
        ]
      const opened = createOpenedTurnFinder(story)
      // A hook without an agent may cover the whole run.
      const aroundRun = calls.length > 0 && calls.every(({ event }) => event.agent === undefined)
      return listActivations(story).flatMap(({ turns, requests: [first] }, place) => {
        if (first === undefined) return []
        const call = calls.find((hook) => turns.some((turn) => turn === opened(hook)))
        const request = `request ${first.asked.request} of run ${story.run}`
        if (call !== undefined && call.at > first.at)
          return [
            {
              at: call.at,
              message: `before_run fired after ${request} was sent`,
              cause: 'before_run too late',
            },
          ]
        return call === undefined && missed && !(aroundRun && place > 0)
          ? [
              {
                at: first.at,
                message: `before_run did not fire before ${request}`,
                cause: place === 0 ? 'before_run missing' : 'before_run missing after a handoff',
              },
            ]
          : []
      })
    })
  },
  countWitnesses: (history) =>
    groupByRun(history)
      .runs.filter((story) => listOwnHooks(story, 'before_run') !== undefined)
      .reduce((sum, story) => sum + listActivations(story).length, 0),
}

/** Names a run, and the agent if the run has several activations. */
export function nameRun(story: RunRecord, { event }: HookCall): string {
  const several = listActivations(story).length > 1 && event.agent !== undefined
  return several ? `one turn of ${event.agent} in run ${story.run}` : `run ${story.run}`
}

const ONCE_A_RUN: readonly HookName[] = ['before_run', 'after_run', 'result', 'cleanup']

export const hooksFireOnceEach: Invariant = {
  id: 'hooks-fire-once-each',
  level: 'must',
  statement:
    'Each hook around a run fires at most once per run, or once per turn of an agent. A transform hook sees every delivered update, and no hook is registered twice at the same time.',
  source: `${LOONGSUITE} (every registered hook fires for each of the overlapping runs); https://github.com/microsoft/vscode-copilot-chat/pull/3747 (a start hook runs twice)`,
  since: '0.1.0',
  needs: [],
  check(history) {
    const fired = groupByRun(history).runs.flatMap((story) =>
      ONCE_A_RUN.flatMap((name) => {
        const again = findRepeatedCall(story, name)
        return again === undefined
          ? []
          : [
              {
                at: again.at,
                message: `${name} fired twice for ${nameRun(story, again)}`,
                cause: `${name} fired twice`,
              },
            ]
      }),
    )
    return [...fired, ...findUnseenUpdates(history), ...findDoubleRegistrations(history)]
  },
  countWitnesses: (history) =>
    history.filter(
      (event) =>
        (event.kind === 'hook' && event.run !== null) ||
        (event.kind === 'registration' && event.at === 'register'),
    ).length,
}

/** Returns runs with updates that the transform hook did not see, if the hook saw updates of any run. */
function findUnseenUpdates(history: History): Violation[] {
  const { runs } = groupByRun(history)
  const seenOf = (story: RunRecord) => story.hooks.filter(({ event }) => event.name === 'transform').length
  if (!runs.some((story) => seenOf(story) > 0)) return []
  if (!hasHookWithRun(history, 'transform')) return []
  return runs.flatMap((story) => {
    const past = story.updates[seenOf(story)]
    if (past === undefined) return []
    const message = `run ${story.run} delivered ${story.updates.length} updates, but transform saw only ${seenOf(story)}`
    return [{ at: past.at, message, cause: 'update not seen by transform' }]
  })
}

/** Returns registrations of a hook that was still registered with its agent. */
function findDoubleRegistrations(history: History): Violation[] {
  const there = new Set<string>()
  return history.flatMap((event, at) => {
    if (event.kind !== 'registration' || event.hook === undefined) return []
    const { agent, instance, hook, sabotage } = event
    const one = `${instance} ${hook}`
    const again = event.at === 'register' && sabotage === undefined && there.has(one)
    if (event.at === 'remove') there.delete(one)
    else if (sabotage === undefined) there.add(one)
    return again
      ? [
          {
            at,
            message: `the hook ${hook} of agent ${agent} was registered twice at the same time`,
            cause: 'hook registered twice',
          },
        ]
      : []
  })
}
