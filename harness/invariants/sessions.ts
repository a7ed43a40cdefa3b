import { groupByRun, listOuterRequests, type RequestRecord, type RunRecord } from '../history/runs.ts'
import type { SessionMode } from '../plan/types.ts'
import type { Invariant, Violation } from './types.ts'

/** The session modes that say what a request names. */
const JUDGED: ReadonlySet<SessionMode> = new Set(['history', 'conversation-object'])

export const sessionAsPlanned: Invariant = {
  id: 'session-as-planned',
  level: 'must',
  statement:
    'The first request of a turn carries the conversation in the way that the plan asks for: with `history` it names neither a response nor a conversation, and with `conversation-object` it names a conversation. With `previous-response`, a runtime may still send the whole history. Agents that hand off may carry the conversation in their own way.',
  source:
    'https://developers.openai.com/api/docs/guides/conversation-state (the three ways to carry a conversation)',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    groupByRun(history).runs.flatMap((story) => {
      const [first] = listOuterRequests(story)
      return first === undefined || first.asked.handoffs !== undefined ? [] : checkFirstRequest(story, first)
    }),
  countWitnesses: (history) =>
    groupByRun(history).runs.filter(
      (story) =>
        JUDGED.has(story.started.session) &&
        listOuterRequests(story).some(({ asked }) => asked.handoffs === undefined),
    ).length,
}

function checkFirstRequest({ started: { session } }: RunRecord, { at, asked }: RequestRecord): Violation[] {
  const hasResponse = typeof asked.body['previous_response_id'] === 'string'
  const hasConversation = asked.body['conversation'] !== undefined && asked.body['conversation'] !== null
  const found = (what: string) => [
    {
      at,
      message: `request ${asked.request} begins a turn of a conversation with ${session}, but ${what}`,
      cause: `${session}, ${what}`,
    },
  ]
  switch (session) {
    case 'history':
      if (hasConversation) return found('names a conversation')
      return hasResponse ? found('names a response') : []
    case 'conversation-object':
      return hasConversation ? [] : found('names no conversation')
    case 'previous-response':
    case 'runtime-default':
      return []
  }
}
