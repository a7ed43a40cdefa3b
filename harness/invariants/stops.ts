import type { History } from '../contract/events.ts'
import { isInOtherProcess } from '../history/process.ts'
import { findRest, isRequestOpenAt, type Rest } from '../history/rest.ts'
import { groupByRun, type RequestRecord, type RunRecord } from '../history/runs.ts'
import { leavesRunOpen, stopKinds } from '../plan/stop-kinds.ts'
import type { Invariant, Violation } from './types.ts'

export const stopReachesUpstream: Invariant = {
  id: 'stop-reaches-upstream',
  level: 'must',
  statement:
    'When a consumer aborts a run or returns early, the runtime cancels the open request before the team is closed, and the run sends no further request.',
  source:
    'https://github.com/mastra-ai/mastra/issues/24271, https://github.com/openclaw/openclaw/pull/61742 (the upstream request goes on after the consumer has gone)',
  since: '0.1.0',
  needs: [],
  check: (history) => listStoppedRuns(history).flatMap((story) => findUnstoppedRequests(history, story)),
  countWitnesses: (history) => listStoppedRuns(history).filter(({ requests }) => requests.length > 0).length,
}

/** Returns requests of a stopped run that were not cancelled or were sent after the stop. */
function findUnstoppedRequests(history: History, story: StoppedRun): Violation[] {
  const { run, stopped, requests } = story
  const by = stopped.how
  const how = describeStop(run, by)
  return requests.flatMap((request) => {
    const { at, asked } = request
    if (at > stopped.at && isFirstBeforeStream(request, story)) return []
    if (at > stopped.at && isOnItsWay(history, request, story)) return []
    if (at > stopped.at)
      return [
        { at, message: `request ${asked.request} was sent after ${how}`, cause: `request sent after ${by}` },
      ]
    const fate = findFate(history, request, stopped.at)
    if (fate === 'over' || (fate === 'read' && by !== 'abort')) return []
    const [message, cause] =
      fate === 'open'
        ? [`request ${asked.request} is still open after ${how}`, `request open after ${by}`]
        : [`request ${asked.request} was read to its end after ${how}`, `request read after ${by}`]
    return [{ at: stopped.at, message, cause }]
  })
}

/**
 * Returns whether a request is the first of a run whose consumer returned before its first pull, and was cancelled. The consumer
 * may not have held the stream yet, so it could not leave before the request was sent.
 */
function isFirstBeforeStream(request: RequestRecord, { stopped, pulls, requests }: StoppedRun): boolean {
  const hasPulled = pulls.some(({ at }) => at < stopped.at)
  return stopped.how === 'return' && !hasPulled && request === requests[0] && request.cancelled !== undefined
}

/**
 * Returns whether a request may have been on its way when the consumer stopped the run, and was cancelled. A runtime in another
 * process goes on while the harness decides to stop, and a request takes its time to arrive.
 */
function isOnItsWay(history: History, request: RequestRecord, { stopped, requests }: StoppedRun): boolean {
  const first = requests.find(({ at }) => at > stopped.at)
  return request === first && request.cancelled !== undefined && isInOtherProcess(history)
}

export const restNotReadAfterReturn: Invariant = {
  id: 'rest-not-read-after-return',
  // A runtime may need the whole answer, for example to store it.
  level: 'should',
  statement:
    'When a consumer returns early from a run, the runtime does not read the rest of the answer, but cancels the request.',
  source:
    'https://github.com/openclaw/openclaw/pull/61742 (the upstream request goes on after the consumer has gone); https://developer.mozilla.org/docs/Web/API/ReadableStream/cancel (a consumer that has lost interest cancels)',
  since: '0.1.0',
  needs: ['return'],
  check: (history) =>
    listStoppedRuns(history).flatMap(({ run, stopped, requests }) => {
      if (stopped.how !== 'return') return []
      const open = requests.filter((request) => isRequestOpenAt(request, stopped.at))
      const read = open.filter((request) => findFate(history, request, stopped.at) === 'read')
      return read.map(({ asked }) => ({
        at: stopped.at,
        message: `the rest of request ${asked.request} was read after ${describeStop(run, 'return')}`,
        cause: 'rest of the answer read',
      }))
    }),
  countWitnesses: (history) =>
    listStoppedRuns(history).filter(
      ({ stopped, requests }) =>
        stopped.how === 'return' && requests.some((request) => isRequestOpenAt(request, stopped.at)),
    ).length,
}

export const noToolOutlivesItsRun: Invariant = {
  id: 'no-tool-outlives-its-run',
  level: 'must',
  statement:
    'When a consumer aborts a run or returns early, the runtime cancels each tool that it can cancel (by a signal or its task) before the team is closed.',
  source:
    'https://github.com/mastra-ai/mastra/issues/24271 (tool calls go on after the stop); https://docs.python.org/3/library/asyncio-task.html#task-cancellation',
  since: '0.1.0',
  needs: ['tools'],
  check(history) {
    const rest = findRest(history)
    return listStoppedRuns(history).flatMap((story) =>
      story.ended?.outcome.status === 'hung'
        ? []
        : findOpenTools(story, rest)
            .filter(({ event }) => event.cancellable)
            .map(({ at, event }) => ({
              at,
              message: `the tool ${event.name} is still on after ${describeStop(story.run, story.stopped.how)}`,
              cause: `tool on after ${story.stopped.how}`,
            })),
    )
  },
  countWitnesses: (history) =>
    listStoppedRuns(history).filter(({ toolStarts, toolEnds, stopped }) => {
      const ended = new Set(toolEnds.filter(({ at }) => at < stopped.at).map(({ event }) => event.call))
      return toolStarts.some(
        ({ at, event }) => event.cancellable && at < stopped.at && !ended.has(event.call),
      )
    }).length,
}

/** Returns the tool calls of a run that had not ended at rest. Calls without an id are matched by name and number. */
export function findOpenTools(
  { toolStarts, toolEnds }: RunRecord,
  { atRest }: Rest,
): RunRecord['toolStarts'] {
  const ends = toolEnds.filter(({ at }) => at < atRest).map(({ event }) => `${event.name} ${event.call}`)
  return toolStarts.filter(({ at, event }) => {
    if (at >= atRest) return false
    const place = ends.indexOf(`${event.name} ${event.call}`)
    if (place !== -1) ends.splice(place, 1)
    return place === -1
  })
}

type StoppedRun = RunRecord & Required<Pick<RunRecord, 'stopped'>>

/** Returns the runs whose runtime was told to stop them. */
function listStoppedRuns(history: History): StoppedRun[] {
  return groupByRun(history).runs.filter(
    (story): story is StoppedRun => story.stopped !== undefined && !leavesRunOpen(story.stopped),
  )
}

function describeStop(run: string, how: StoppedRun['stopped']['how']): string {
  return stopKinds[how].by === 'signal' ? `run ${run} was aborted` : `the consumer returned from run ${run}`
}

/**
 * Returns what became of a request that was open when its run was stopped. `over`: it ended at the latest with the stop,
 * or the runtime cancelled it. `read`: it went on until the harness let the rest of its answer go. `open`: only closing
 * the team ended it, or nothing did.
 */
function findFate(history: History, request: RequestRecord, stop: number): 'over' | 'read' | 'open' {
  const { atRest, close } = findRest(history)
  const { ended, cancelled } = request
  if (isRequestOpenAt(request, atRest)) {
    const over = cancelled ?? ended?.at
    return over !== undefined && over < close ? 'read' : 'open'
  }
  if (cancelled !== undefined || ended === undefined || ended.at < stop) return 'over'
  // What was sent in the step of the stop may still arrive.
  return (history[ended.at]?.step ?? 0) > (history[stop]?.step ?? 0) ? 'read' : 'over'
}
