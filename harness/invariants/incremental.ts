import type { History } from '../contract/events.ts'
import { isInOtherProcess } from '../history/process.ts'
import {
  groupByRun,
  hasBrokenStream,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
} from '../history/runs.ts'
import type { Plan } from '../plan/types.ts'
import { findPlannedTurn } from './planned-turn.ts'
import type { Invariant, Violation } from './types.ts'

export const streamIsIncremental: Invariant = {
  id: 'stream-is-incremental',
  // No specification says when a runtime must deliver what it has received.
  level: 'should',
  statement:
    'A streamed run delivers a text while the text is received, before the service sends the event after the next one. The text is not collected first.',
  source:
    'https://developers.openai.com/api/docs/guides/streaming-responses (a client may show the beginning of an answer while the rest comes)',
  since: '0.1.0',
  needs: ['stream'],
  check: (history, plan) =>
    listPulledRuns(history, plan).flatMap((story) => findHeldText(story, listOuterRequests(story))),
  countWitnesses: (history, plan) =>
    listPulledRuns(history, plan)
      .flatMap(listOuterRequests)
      .reduce((sum, request) => sum + listChecks(request).length, 0),
}

/**
 * Returns the streamed runs whose consumer pulls all the time, until they end. Returns none of a runtime in another process: what
 * it delivers is seen later.
 */
function listPulledRuns(history: History, plan: Plan): RunRecord[] {
  if (isInOtherProcess(history)) return []
  return groupByRun(history).runs.filter((story) => {
    const turn = findPlannedTurn(story, plan)
    if (turn === undefined || !turn.stream || turn.pull === 'final-only') return false
    return story.stopped === undefined && turn.breaks === undefined && story.ended !== undefined
  })
}

/**
 * Returns how much of a request's text must have been delivered when the event at an index is sent. A client may stop
 * reading a malformed stream, and the service then sends the rest at once.
 */
function listChecks(request: RequestRecord): { at: number; length: number }[] {
  const { sent } = request
  let length = 0
  if (hasBrokenStream(request)) return []
  return sent.flatMap(({ event }, place) => {
    if (event.type !== 'response.output_text.delta' || !event.delta) return []
    length += event.delta.length
    const afterNext = sent[place + 2]
    return afterNext === undefined ? [] : [{ at: afterNext.at, length }]
  })
}

/**
 * Returns the first text of a run that was collected: nothing of it had been delivered when almost all had been received.
 * Over a socket or in another process an update may be seen late, so a text that comes in part does not count.
 */
function findHeldText({ run, ended, updates }: RunRecord, requests: readonly RequestRecord[]): Violation[] {
  for (const request of requests) {
    const checks = listChecks(request)
    const late = checks.at(-2)
    if (checks.length < 3 || late === undefined || (ended !== undefined && late.at > ended.at)) continue
    const came = updates.some(
      ({ at, event: { update } }) =>
        at > request.at && at < late.at && update.kind === 'text' && update.text !== '',
    )
    if (came) continue
    const message = `run ${run} had delivered nothing of ${late.length} characters of request ${request.asked.request} when the event after the next was sent`
    return [{ at: late.at, message, cause: 'text held back' }]
  }
  return []
}
