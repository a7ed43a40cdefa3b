import type { History } from '../contract/events.ts'
import { groupByRun, listOuterRequests, namesConversation, type RequestRecord } from '../history/runs.ts'
import type { SessionMode } from '../plan/types.ts'
import type { Invariant } from './types.ts'

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
    listFirstRequests(history).flatMap(({ session, first }) => {
      const what = findDeviation(session, first)
      if (what === undefined) return []
      const message = `request ${first.asked.request} begins a turn of a conversation with ${session}, but ${what}`
      return [{ at: first.at, message, cause: `${session}, ${what}` }]
    }),
  countWitnesses: (history) => listFirstRequests(history).length,
}

/** Returns the first request of each turn, if the session mode says what it names and no agent hands off. */
function listFirstRequests(history: History): { session: SessionMode; first: RequestRecord }[] {
  return groupByRun(history).runs.flatMap((story) => {
    const { session } = story.started
    const [first] = listOuterRequests(story)
    const isJudged = JUDGED.has(session) && first !== undefined && first.asked.handoffs === undefined
    return isJudged ? [{ session, first }] : []
  })
}

/** Returns what a request names, or does not name, against its session mode. */
function findDeviation(session: SessionMode, first: RequestRecord): string | undefined {
  if (session === 'conversation-object') return namesConversation(first) ? undefined : 'names no conversation'
  if (namesConversation(first)) return 'names a conversation'
  return typeof first.asked.body['previous_response_id'] === 'string' ? 'names a response' : undefined
}
