import type { History } from '../contract/events.ts'
import { findRepeatedCall, hasHookWithRun, listOwnHooks } from '../history/hooks.ts'
import { groupByRun, type RunRecord, readRunStatus } from '../history/runs.ts'
import { nameRunEnd } from './causes.ts'
import { findCallsWithoutSuccess, findMissingCall, nameRun } from './hooks.ts'
import type { Invariant, Violation } from './types.ts'

export const cleanupOnce: Invariant = {
  id: 'cleanup-once',
  level: 'must',
  statement:
    'The cleanup hook fires once per run, or once per turn of an agent, whether the run succeeds, fails, is stopped or is aborted. The result hook fires only for a run that succeeds.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (cleanup hooks run on completion and on error, result hooks must not run on error)',
  since: '0.1.0',
  needs: ['cleanup'],
  check(history) {
    const { runs } = groupByRun(history)
    const owing = createCleanupTest(runs, history)
    return runs.flatMap((story) => [
      ...(owing(story) ? checkCleanup(story) : []),
      ...findCallsWithoutSuccess(story, 'result'),
    ])
  },
  countWitnesses(history) {
    const { runs } = groupByRun(history)
    const owing = createCleanupTest(runs, history)
    return runs.filter(
      (story) => owing(story) && listOwnHooks(story, 'cleanup') !== undefined && !hasDoneNothing(story),
    ).length
  },
}

export const eachCleanupFires: Invariant = {
  id: 'each-cleanup-fires',
  level: 'must',
  statement:
    'If a run has two cleanup hooks, the second one fires as often as the first one, also if one of them throws.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (cleanup hooks run on completion and on error)',
  since: '0.1.0',
  needs: ['two-cleanups'],
  check: (history) =>
    listRunsWithTwoCleanups(history).flatMap(({ run, first, second, at }) =>
      first === second
        ? []
        : [
            {
              at,
              message: `the second cleanup hook of run ${run} fired ${second} times, expected ${first} as the first one`,
              cause: second < first ? 'second cleanup missing' : 'second cleanup repeated',
            },
          ],
    ),
  countWitnesses: (history) => listRunsWithTwoCleanups(history).filter(({ first }) => first > 0).length,
}

/** Returns the ended runs with two cleanup hooks, with the number of calls of each hook. */
function listRunsWithTwoCleanups(history: History) {
  if (!hasHookWithRun(history, 'cleanup')) return []
  return groupByRun(history).runs.flatMap(({ run, started, ended, hooks }) => {
    if (started.cleanups === undefined || ended === undefined || ended.outcome.status === 'hung') return []
    const calls = hooks.filter(({ event }) => event.name === 'cleanup')
    const second = calls.filter(({ event }) => event.second).length
    return [{ run, first: calls.length - second, second, at: ended.at }]
  })
}

export const resultHookFires: Invariant = {
  id: 'result-hook-fires',
  level: 'must',
  statement: 'The result hook fires for every streamed run that completed.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (result hooks run after a stream has succeeded)',
  since: '0.1.0',
  needs: ['result', 'stream'],
  check(history) {
    const told = hasHookWithRun(history, 'result')
    const streamed = groupByRun(history).runs.filter(({ started }) => started.stream)
    return told ? streamed.flatMap((story) => findMissingCall(story, 'result', new Set(['completed']))) : []
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.filter(
      (story) =>
        story.started.stream &&
        story.requests.length > 0 &&
        story.stopped === undefined &&
        readRunStatus(story) === 'completed',
    ).length,
}

/**
 * Returns a test for runs that need a cleanup call: all that ended or were stopped. Runs that are not streamed need one only
 * if the hook fires for any of them.
 */
function createCleanupTest(runs: readonly RunRecord[], history: History): (story: RunRecord) => boolean {
  const told = hasHookWithRun(history, 'cleanup')
  const cleaned = (stream: boolean) =>
    runs.some(
      ({ started, hooks }) =>
        started.stream === stream && hooks.some(({ event }) => event.name === 'cleanup'),
    )
  const unstreamed = cleaned(false)
  return (story) => {
    const status = readRunStatus(story)
    return told && status !== undefined && status !== 'hung' && (story.started.stream || unstreamed)
  }
}

function checkCleanup(story: RunRecord): Violation[] {
  const { run, ended } = story
  const calls = listOwnHooks(story, 'cleanup')
  if (calls === undefined || ended === undefined) return []
  if (calls.length === 0 && hasDoneNothing(story)) return []
  if (calls.length === 0)
    return [
      {
        at: ended.at,
        message: `cleanup did not fire for run ${run}, which ended`,
        cause: `cleanup missing, ${nameRunEnd(story)}`,
      },
    ]
  const again = findRepeatedCall(story, 'cleanup')
  return again === undefined
    ? []
    : [
        {
          at: again.at,
          message: `cleanup fired twice for ${nameRun(story, again)}`,
          cause: `cleanup fired twice, ${nameRunEnd(story)}`,
        },
      ]
}

/**
 * Returns whether a run was stopped before it did anything. A run that begins with its first pull then has nothing to clean
 * up.
 */
function hasDoneNothing({ stopped, requests, updates, hooks }: RunRecord): boolean {
  return stopped !== undefined && requests.length + updates.length + hooks.length === 0
}
