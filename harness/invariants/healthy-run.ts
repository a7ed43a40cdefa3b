import type { History } from '../contract/events.ts'
import { listActivations } from '../history/activations.ts'
import { hasRefusal } from '../history/items.ts'
import {
  groupByRun,
  isAnsweredWhole,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import type { Plan } from '../plan/types.ts'
import {
  findPlannedTurn,
  listUnscriptedRequests,
  mayHaveMetOwnLimit,
  needsMoreThanLimit,
} from './planned-turn.ts'
import type { Invariant, Violation } from './types.ts'

export const healthyRunCompletes: Invariant = {
  id: 'healthy-run-completes',
  level: 'must',
  statement:
    'A run completes if its plan disturbs nothing, its tools throw nothing, and the service accepts and answers each of its requests. A refusal of the model may fail the run, and so may a limit of ten or more answers.',
  source:
    'https://developers.openai.com/api/docs/guides/function-calling (the model answers, the application runs the calls, the model answers again); https://github.com/microsoft/agent-framework/issues/6866 (a run whose answer was complete raises an error of its own telemetry)',
  since: '0.1.0',
  needs: [],
  check: (history, plan) => listHealthyRuns(history, plan).flatMap((story) => findFailure(story, history)),
  countWitnesses: (history, plan) => listHealthyRuns(history, plan).length,
}

/** Returns the runs that nothing disturbed. A run that hangs is left to `run-settles-once`. */
function listHealthyRuns(history: History, plan: Plan): RunRecord[] {
  const unscripted = listUnscriptedRequests(history)
  return groupByRun(history).runs.filter((story) => {
    const status = readRunStatus(story)
    if (status === undefined || status === 'hung') return false
    const faults = findPlannedTurn(story, plan)?.answers.some((answer) => (answer.faults ?? []).length > 0)
    return (
      !faults &&
      isUndisturbed(story, plan) &&
      story.requests.every((request) => wasServed(request, unscripted))
    )
  })
}

/**
 * Returns whether nothing but a fault of the service can keep a run from completing: it has no stop, no throwing hook, no
 * tool that threw or was cancelled, and reached no limit.
 */
export function isUndisturbed(story: RunRecord, plan: Plan): boolean {
  const turn = findPlannedTurn(story, plan)
  if (turn === undefined || turn.stop !== undefined || turn.breaks !== undefined) return false
  if (plan.mode.sabotage !== undefined || story.stopped !== undefined) return false
  if (hasReachedLimit(story, plan) || needsMoreThanLimit(story, plan)) return false
  if (mayHaveMetOwnLimit(story)) return false
  return story.toolEnds.every(({ event }) => event.error === undefined && event.cancelled === undefined)
}

/**
 * Returns whether the service accepted a request and answered it whole, as planned, and the model did not refuse. Some
 * runtimes document that a refusal fails the run.
 */
export function wasServed(request: RequestRecord, unscripted: ReadonlySet<number>): boolean {
  if (!isAnsweredWhole(request) || request.refused !== undefined) return false
  const output = request.ended?.event.response?.output ?? []
  return !unscripted.has(request.asked.request) && !output.some(hasRefusal)
}

/** Returns whether an agent has had as many turns as the plan's workflow allows. */
function hasReachedLimit(story: RunRecord, { flow }: Plan): boolean {
  if (flow === undefined) return false
  return listActivations(story).some(({ agent, turns }) => {
    const limit = flow.turnLimits[agent ?? '']
    return limit !== undefined && turns.length >= limit
  })
}

function findFailure(story: RunRecord, history: History): Violation[] {
  const { run, ended, requests } = story
  const status = readRunStatus(story)
  if (ended === undefined) return []
  if (status !== 'completed')
    return [
      {
        at: ended.at,
        message: `run ${run} ${describeStatus(status)}, but nothing disturbed it and each request was answered`,
        cause: `run ${status}`,
      },
    ]
  // A request that no run can be found for may belong to this run.
  const stray = history.some(
    (event) => (event.kind === 'request' || event.kind === 'request.other') && event.run === null,
  )
  if (requests.length > 0 || stray) return []
  return [{ at: ended.at, message: `run ${run} completed without a request`, cause: 'no request' }]
}

export function describeStatus(status: string | undefined): string {
  if (status === 'incomplete') return 'ended incomplete'
  return status === 'stopped' ? 'reports that it was stopped' : String(status)
}
