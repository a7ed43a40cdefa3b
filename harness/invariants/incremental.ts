import type { History } from '../contract/events.ts'
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
    'A streamed run delivers each piece of a text before the service sends the event after the next one. The text is not collected first.',
  source:
    'https://developers.openai.com/api/docs/guides/streaming-responses (a client may show the beginning of an answer while the rest comes)',
  since: '0.1.0',
  needs: ['stream'],
  check: (history, plan) => listPulledRuns(history, plan).flatMap(findHeldText),
  countWitnesses: (history, plan) =>
    listPulledRuns(history, plan)
      .flatMap(listOuterRequests)
      .reduce((sum, request) => sum + listChecks(request).length, 0),
}

/** Returns the streamed runs whose consumer pulls all the time, until they end. */
function listPulledRuns(history: History, plan: Plan): RunRecord[] {
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

/** Returns the first text of a run that was held back. */
function findHeldText(story: RunRecord): Violation[] {
  const { run, ended, updates } = story
  for (const request of listOuterRequests(story))
    for (const { at, length } of listChecks(request)) {
      if (ended !== undefined && at > ended.at) break
      const delivered = updates
        .filter((update) => update.at > request.at && update.at < at)
        .reduce((sum, { event: { update } }) => sum + (update.kind === 'text' ? update.text.length : 0), 0)
      if (delivered >= length) continue
      const message = `run ${run} had delivered ${delivered} of ${length} characters of request ${request.asked.request} when the event after the next was sent`
      return [{ at, message, cause: 'text held back' }]
    }
  return []
}
