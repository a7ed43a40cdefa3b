import { parseConversation } from '../contract/events.ts'
import { listOpenCallIds } from '../history/items.ts'
import { groupByRun, hasSucceeded, type RequestRecord } from '../history/runs.ts'
import type { Invariant } from './types.ts'

export const noStalePreviousResponseId: Invariant = {
  id: 'no-stale-previous-response-id',
  level: 'must',
  statement:
    'A request names a previous response only if the response belongs to the same conversation, is still stored and can be continued. The request answers every open call of that response.',
  source:
    'https://github.com/microsoft/agent-framework/issues/4053; https://platform.openai.com/docs/api-reference/responses/create, previous_response_id; SERVICE-FACTS 1 and 2',
  since: '0.1.0',
  needs: ['previous-response'],
  check(history) {
    const { requests } = groupByRun(history)
    const gaveId = new Map<string, RequestRecord>()
    for (const story of requests) {
      const id = story.ended?.event.response?.id
      if (id !== undefined) gaveId.set(id, story)
    }
    return requests.flatMap((story) => {
      const { at, asked } = story
      const id = asked.body['previous_response_id']
      if (typeof id !== 'string') return []
      const why = findContinuationError(story, gaveId.get(id)) ?? findOpenCall(story)
      return why === undefined
        ? []
        : [{ at, message: `request ${asked.request} names ${id}: ${why.what}`, cause: why.cause }]
    })
  },
  countWitnesses: (history) =>
    history.filter(
      (event) => event.kind === 'request' && typeof event.body['previous_response_id'] === 'string',
    ).length,
}

/** Why a request cannot continue a response. */
interface ContinuationError {
  what: string
  cause: string
}

/** Returns why a request cannot continue a response, or undefined if it can. */
function findContinuationError(
  { at, asked, refused }: RequestRecord,
  given: RequestRecord | undefined,
): ContinuationError | undefined {
  const before = given?.ended !== undefined && given.ended.at < at ? given : undefined
  // Whether the service keeps a response that was cut off is unknown. Its refusal tells.
  if (refused?.event.rule === 'previous-response-not-found')
    return {
      what: 'the service does not have this response',
      cause: `unknown response, ${before === undefined ? 'never given' : `its answer ${before.ended?.event.how}`}`,
    }
  if (before === undefined)
    return given === undefined
      ? undefined
      : { what: 'no response had this id yet', cause: 'response of a later answer' }
  if (parseConversation(before.asked.run) !== parseConversation(asked.run))
    return {
      what: 'the response belongs to another conversation',
      cause: 'response of another conversation',
    }
  const ended = before.ended?.event
  if (ended?.response?.stored === false)
    return { what: 'the response was not stored', cause: 'response not stored' }
  return ended?.how === 'failed'
    ? { what: 'the response failed and cannot be continued', cause: 'failed response' }
    : undefined
}

/**
 * Returns a violation text if a function call has no output. For most other kinds of calls, the rule of the service is
 * unknown.
 */
function findOpenCall({ asked }: RequestRecord): ContinuationError | undefined {
  const [open] = listOpenCallIds(asked.context)
  return open === undefined
    ? undefined
    : {
        what: `the request has no output for the call ${open} of the response`,
        cause: 'open call of the response',
      }
}

export const nextTurnAccepted: Invariant = {
  id: 'next-turn-accepted',
  level: 'must',
  statement: 'No run fails because the service refuses a request, whatever happened in the turns before.',
  source:
    'https://github.com/openai/openai-agents-js/issues/1190 (after an abort every later run of the conversation is refused); SERVICE-FACTS 1 to 4',
  since: '0.1.0',
  needs: [],
  check(history) {
    return groupByRun(history).runs.flatMap((story) => {
      // A run that succeeds after a corrected request is accepted.
      if (story.ended === undefined || story.stopped !== undefined || hasSucceeded(story)) return []
      return story.requests.flatMap(({ asked, refused }) => {
        if (refused === undefined) return []
        const { rule, status } = refused.event
        const message = `request ${asked.request} of run ${story.run} was refused with ${status} (rule ${rule})`
        return [{ at: refused.at, message, cause: rule }]
      })
    })
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.reduce(
      (sum, { ended, stopped, requests }) =>
        sum + (ended === undefined || stopped !== undefined ? 0 : requests.length),
      0,
    ),
}
