import type { History } from '../contract/events.ts'
import { groupByRun, type RequestRecord, type RunRecord, readRunStatus } from '../history/runs.ts'
import type { Plan } from '../plan/types.ts'
import { describeStatus, isUndisturbed, wasServed } from './healthy-run.ts'
import { findPlannedTurn, listUnscriptedRequests } from './planned-turn.ts'
import type { Invariant } from './types.ts'

export const passingFaultsAreSurvived: Invariant = {
  id: 'passing-faults-are-survived',
  level: 'must',
  statement:
    'A run completes if its only faults are refused connections and HTTP errors 408, 409, 429 or 5xx, and if no answer has more of them than the runtime documents as its number of retries.',
  source:
    'https://github.com/openai/openai-node#retries (connection errors, 408, 409, 429 and >=500 are retried two times by default); the documentation that the runtime declares with the capability `retries`',
  since: '0.1.0',
  needs: ['retries'],
  check: (history, plan) =>
    listDisturbedRuns(history, plan).flatMap(({ story, fault }) => {
      const status = readRunStatus(story)
      if (status === 'completed' || story.ended === undefined) return []
      const message = `run ${story.run} ${describeStatus(status)} after ${fault}, although the runtime documents retries`
      return [{ at: story.ended.at, message, cause: `run ${status} after ${fault}` }]
    }),
  countWitnesses: (history, plan) => listDisturbedRuns(history, plan).length,
}

/** A run with passing faults. `fault`: the kind of the last one. */
interface DisturbedRun {
  story: RunRecord
  fault: string
}

/** Returns the runs whose only faults pass within the retries of the runtime. A run that hangs is left to `run-settles-once`. */
function listDisturbedRuns(history: History, plan: Plan): DisturbedRun[] {
  const retries = readRetries(history)
  const unscripted = listUnscriptedRequests(history)
  return groupByRun(history).runs.flatMap((story) => {
    const status = readRunStatus(story)
    if (status === undefined || status === 'hung') return []
    if (!isUndisturbed(story, plan) || !hasOnlyPassingFaults(story, plan, retries)) return []
    const spoiled = story.requests.filter((request) => !wasServed(request, unscripted))
    const kinds = spoiled.map(describePassingFault)
    const fault = kinds.at(-1)
    return fault === undefined || kinds.includes(undefined) ? [] : [{ story, fault }]
  })
}

/** Returns how often the runtime documents that it repeats a request. */
function readRetries(history: History): number {
  return history.find((event) => event.kind === 'runtime')?.retries ?? 0
}

/** Returns whether each fault of a run's plan passes, with no header of its own, and no answer has more than `retries`. */
function hasOnlyPassingFaults(story: RunRecord, plan: Plan, retries: number): boolean {
  const answers = findPlannedTurn(story, plan)?.answers ?? []
  return answers.every(
    ({ faults = [] }) =>
      faults.length <= retries &&
      faults.every(
        (fault) =>
          fault.kind === 'refuse-connection' ||
          (fault.kind === 'http' && isRetried(fault.status) && fault.headers === undefined),
      ),
  )
}

function isRetried(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500
}

/** Returns the kind of the fault with which a request ended, or undefined if it is none that passes. */
function describePassingFault({ ended, refused, sent }: RequestRecord): string | undefined {
  if (ended === undefined || refused !== undefined) return undefined
  const { how, status = 0 } = ended.event
  if (how === 'cut' && sent.length === 0) return 'a refused connection'
  return how === 'http' && isRetried(status)
    ? `a ${status < 500 ? 'busy service' : 'server error'}`
    : undefined
}
