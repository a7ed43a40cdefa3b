import type { History } from '../contract/events.ts'
import { groupByRun, type RunRecord, readRunStatus } from '../history/runs.ts'
import type { Plan } from '../plan/types.ts'
import { describeStatus } from './healthy-run.ts'
import { findPlannedTurn, listAskedAnswers, needsMoreThanLimit } from './planned-turn.ts'
import type { Invariant, Violation } from './types.ts'

export const limitEndsTheRun: Invariant = {
  id: 'limit-ends-the-run',
  level: 'must',
  statement:
    'A run with a limit of n answers asks the model for at most n. If answer n still calls tools, the run fails.',
  source:
    'https://openai.github.io/openai-agents-js/guides/running-agents/ (maxTurns: if it is exceeded, the run throws MaxTurnsExceededError; a turn is one call of the model)',
  since: '0.1.0',
  needs: ['limit'],
  check: (history, plan) => listLimitedRuns(history, plan).flatMap((run) => findPassedLimit(run, plan)),
  countWitnesses: (history, plan) =>
    listLimitedRuns(history, plan).filter(({ story, limit }) => listAskedAnswers(story).length >= limit)
      .length,
}

interface LimitedRun {
  story: RunRecord
  limit: number
}

function listLimitedRuns(history: History, plan: Plan): LimitedRun[] {
  return groupByRun(history).runs.flatMap((story) => {
    const limit = findPlannedTurn(story, plan)?.limit
    return limit === undefined ? [] : [{ story, limit }]
  })
}

function findPassedLimit({ story, limit }: LimitedRun, plan: Plan): Violation[] {
  const further = listAskedAnswers(story)[limit]
  if (further !== undefined)
    return [
      {
        at: further.at,
        message: `run ${story.run} asked for answer ${limit + 1} with request ${further.asked.request}, but its limit is ${limit}`,
        cause: 'answer beyond the limit',
      },
    ]
  const status = readRunStatus(story)
  // A run that is stopped or hangs is left to the rules about that.
  if (story.ended === undefined || story.stopped !== undefined || !needsMoreThanLimit(story, plan)) return []
  if (status === 'failed' || status === 'hung') return []
  return [
    {
      at: story.ended.at,
      message: `run ${story.run} ${describeStatus(status)}, but answer ${limit}, the last within its limit, calls tools`,
      cause: `run ${status} at the limit`,
    },
  ]
}
