import { openCalls } from '../../mocks/request-rules/calls.ts'
import { conversationOfRun } from '../contract/events.ts'
import { type RequestStory, storiesOf, succeeded } from '../history/runs.ts'
import type { Invariant } from './types.ts'

export const noStalePreviousResponseId: Invariant = {
  id: 'no-stale-previous-response-id',
  level: 'must',
  statement:
    'A request names a response only if it belongs to the same conversation, the service still has it, it may be continued, and every open call of it is answered in this request.',
  source:
    'https://github.com/microsoft/agent-framework/issues/4053; https://platform.openai.com/docs/api-reference/responses/create, previous_response_id; SERVICE-FACTS 1 and 2',
  since: '0.1.0',
  needs: ['previous-response'],
  check(history) {
    const { requests } = storiesOf(history)
    const gaveId = new Map<string, RequestStory>()
    for (const story of requests) {
      const id = story.ended?.event.response?.id
      if (id !== undefined) gaveId.set(id, story)
    }
    return requests.flatMap((story) => {
      const { at, asked } = story
      const id = asked.body['previous_response_id']
      if (typeof id !== 'string') return []
      const why = stale(story, gaveId.get(id)) ?? unanswered(story)
      return why === undefined ? [] : [{ at, message: `request ${asked.request} names ${id}: ${why}` }]
    })
  },
}

/** Why a request cannot continue what another gave. */
function stale({ at, asked, refused }: RequestStory, given: RequestStory | undefined): string | undefined {
  const before = given?.ended !== undefined && given.ended.at < at ? given : undefined
  // A response that was cut is had by the service or not: that is its own affair, and its refusal tells.
  if (refused?.event.rule === 'previous-response-not-found') return 'the service has no such response'
  if (before === undefined) return given === undefined ? undefined : 'no response had that id by then'
  if (conversationOfRun(before.asked.run) !== conversationOfRun(asked.run))
    return 'no response of this conversation has that id'
  const ended = before.ended?.event
  if (ended?.response?.stored === false) return 'it was not stored'
  return ended?.how === 'failed' ? 'it ended failed and cannot be continued' : undefined
}

/** Only function calls count: of most other kinds nobody knows whether the service insists on an output. */
function unanswered({ asked }: RequestStory): string | undefined {
  const open = openCalls(asked.context).find(({ type }) => type === 'function_call')
  return open === undefined ? undefined : `its call ${open.callId} has no output in this request`
}

export const nextTurnAccepted: Invariant = {
  id: 'next-turn-accepted',
  level: 'must',
  statement:
    'No run fails because the service refuses what it sends: whatever became of the turns before, the next one is accepted.',
  source:
    'https://github.com/openai/openai-agents-js/issues/1190 (after an abort every later run of the conversation is refused); SERVICE-FACTS 1 to 4',
  since: '0.1.0',
  needs: [],
  check(history) {
    return storiesOf(history).runs.flatMap((story) => {
      // A runtime that mends its request and asks again was accepted in the end.
      if (story.ended === undefined || story.stopped !== undefined || succeeded(story)) return []
      return story.requests.flatMap(({ asked, refused }) => {
        if (refused === undefined) return []
        const { rule, status } = refused.event
        const message = `request ${asked.request} of run ${story.run} was refused with ${status}: ${rule}`
        return [{ at: refused.at, message }]
      })
    })
  },
}
