import { hasProcessEnded, isInOtherProcess } from '../history/process.ts'
import { findRest } from '../history/rest.ts'
import {
  groupByRun,
  hasBrokenStream,
  hasSucceeded,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'
import { nameRunEnd } from './causes.ts'
import type { Invariant } from './types.ts'

export const runSettlesOnce: Invariant = {
  id: 'run-settles-once',
  level: 'must',
  statement: 'Every run ends exactly once and within its time limit, unless its consumer drops it.',
  source:
    'https://github.com/earendil-works/pi/issues/2381, https://github.com/earendil-works/pi/issues/9826 (a run that fails leaves its stream open for ever)',
  since: '0.1.0',
  needs: [],
  check(history) {
    // The end of the process ends its runs.
    const died = hasProcessEnded(history)
    return groupByRun(history).runs.flatMap((story) => {
      const { run, at, ends, stopped, ended } = story
      const [, again] = ends
      if (again !== undefined)
        return [{ at: again, message: `run ${run} ended twice`, cause: `ended twice, ${nameRunEnd(story)}` }]
      if (ended !== undefined)
        return readRunStatus(story) === 'hung'
          ? [
              {
                at: ended.at,
                message: `run ${run} did not end within its time limit`,
                cause: nameHang(story),
              },
            ]
          : []
      return died || leavesRunOpen(stopped)
        ? []
        : [{ at, message: `run ${run} was started and never ended`, cause: nameRunEnd(story) }]
    })
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.filter(({ stopped }) => !leavesRunOpen(stopped)).length,
}

/** Returns what a run that hung had reached, as words of a cause. */
function nameHang(story: RunRecord): string {
  const { ended, requests, toolStarts, toolEnds } = story
  const last = requests.at(-1)
  const reached =
    last === undefined
      ? 'no request sent'
      : toolStarts.length > toolEnds.length
        ? 'tool not ended'
        : last.ended === undefined || last.ended.at > (ended?.at ?? 0)
          ? 'request open'
          : `answer ${last.ended.event.how}`
  return `${nameRunEnd(story)}, ${reached}`
}

export const truncationIsFailure: Invariant = {
  id: 'truncation-is-failure',
  level: 'must',
  statement:
    'A run does not succeed if its last answer was cut off, failed, refused or malformed. If its last answer is incomplete, the outcome of the run says so.',
  source:
    'https://github.com/openai/openai-agents-python/issues/3106 (response.failed and response.incomplete taken for success); https://github.com/ag-ui-protocol/ag-ui/issues/2300 (an end of stream without a terminal event resolves as success)',
  since: '0.1.0',
  needs: [],
  check(history) {
    return groupByRun(history).runs.flatMap((story) => {
      const { run, ended, stopped } = story
      const last = listOuterRequests(story).at(-1)
      if (last === undefined || ended === undefined || stopped !== undefined) return []
      const status = readRunStatus(story)
      const said = (what: string) => [
        {
          at: ended.at,
          message: `run ${run} ${status === 'incomplete' ? 'ended incomplete' : status}, but request ${last.asked.request} ${what}`,
          cause: `last answer ${what.replace(/ with \d+$/, ' with an HTTP error')}, ${nameRunEnd(story)}`,
        },
      ]
      const why = findDefect(last, ended.at)
      if (why !== undefined) return hasSucceeded(story) ? said(why) : []
      return status === 'completed' && last.ended?.event.how === 'incomplete' ? said('ended incomplete') : []
    })
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.filter((story) => {
      const { ended, stopped } = story
      const last = listOuterRequests(story).at(-1)
      if (last === undefined || ended === undefined || stopped !== undefined) return false
      return findDefect(last, ended.at) !== undefined || last.ended?.event.how === 'incomplete'
    }).length,
}

/** Returns why an answer is unusable, or undefined if it is usable. */
function findDefect(request: RequestRecord, before: number): string | undefined {
  const { ended } = request
  if (hasBrokenStream(request, before)) return 'received malformed data'
  if (ended === undefined || ended.at > before) return 'had no complete answer yet'
  const { how, status = 0 } = ended.event
  switch (how) {
    case 'cut':
      return 'was cut off'
    case 'failed':
      return 'failed'
    case 'http':
      return status >= 400 ? `was answered with ${status}` : undefined
    case 'completed':
    case 'incomplete':
      return undefined
  }
}

export const nothingAfterTheEnd: Invariant = {
  id: 'nothing-after-the-end',
  level: 'must',
  statement: 'After a run has ended, it has no further update, tool call, request or hook, except cleanup.',
  source:
    'https://github.com/ag-ui-protocol/ag-ui/issues/2417 (chunks are consumed after the run is over); https://github.com/mastra-ai/mastra/issues/24271 (tool calls go on after it)',
  since: '0.1.0',
  needs: [],
  check(history) {
    const isRemote = isInOtherProcess(history)
    const { atRest } = findRest(history)
    return groupByRun(history).runs.flatMap((story) => {
      const { run, ended, updates, toolStarts, hooks } = story
      if (ended === undefined || readRunStatus(story) === 'hung') return []
      const requests = isRemote
        ? story.requests.filter((request) => !isCancelledOnItsWay(request, atRest))
        : story.requests
      const happened: { at: number; what: string; kind?: string }[] = [
        ...updates.map(({ at }) => ({ at, what: 'an update' })),
        ...toolStarts.map(({ at, event }) => ({ at, what: `a call of ${event.name}`, kind: 'a tool call' })),
        ...requests.map(({ at, asked }) => ({ at, what: `request ${asked.request}`, kind: 'a request' })),
        ...hooks
          .filter(({ event }) => event.name !== 'cleanup')
          .map(({ at, event }) => ({ at, what: `the hook ${event.name}` })),
      ]
      return happened
        .filter(({ at }) => at > ended.at)
        .map(({ at, what, kind = what }) => ({
          at,
          message: `${what} came after run ${run} had ended`,
          cause: `${kind}, ${nameRunEnd(story)}`,
        }))
    })
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.filter((story) => story.ended !== undefined && readRunStatus(story) !== 'hung')
      .length,
}

/**
 * Returns whether a request was cancelled before the service had sent anything. Another process may have sent such a request
 * before its run ended. The harness records what the process reports first, and the request when it arrives.
 */
function isCancelledOnItsWay({ sent, cancelled }: RequestRecord, atRest: number): boolean {
  return sent.length === 0 && cancelled !== undefined && cancelled < atRest
}

export const consumerContextUntouched: Invariant = {
  id: 'consumer-context-untouched',
  level: 'must',
  statement: 'Between pulls, the consumer has its own async context (AsyncLocalStorage, contextvars).',
  source:
    'https://github.com/microsoft/agent-framework/issues/6866, https://github.com/microsoft/agent-framework/issues/7767 (a context set in one pull is reset in another)',
  since: '0.1.0',
  needs: [],
  check(history) {
    return history.flatMap((event, at) =>
      event.kind === 'pull' && event.context === 'changed'
        ? [
            {
              at,
              message: `run ${event.run} changed the async context of its consumer in this pull`,
              cause: 'async context changed',
            },
          ]
        : [],
    )
  },
  countWitnesses: (history) => history.filter(({ kind }) => kind === 'pull').length,
}
