import {
  groupByRun,
  hasSucceeded,
  isAnsweredWhole,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
} from '../history/runs.ts'
import type { Invariant, Violation } from './types.ts'

export const sessionAsPlanned: Invariant = {
  id: 'session-as-planned',
  level: 'must',
  statement:
    'The first request of a turn carries the conversation in the way that the plan asks for: with `history` it names neither a response nor a conversation, with `conversation-object` it names a conversation, and with `previous-response` it names a response if the turn before completed. Agents that hand off may carry the conversation in their own way.',
  source:
    'https://developers.openai.com/api/docs/guides/conversation-state (the three ways to carry a conversation)',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    groupByRun(history).runs.flatMap((story, place, runs) => {
      const [first] = listOuterRequests(story)
      if (first === undefined || first.asked.handoffs !== undefined) return []
      const before = runs.slice(0, place).findLast(({ conversation }) => conversation === story.conversation)
      return checkFirstRequest(story, first, before)
    }),
  countWitnesses: (history) =>
    groupByRun(history).runs.filter(
      (story) =>
        story.started.session !== 'runtime-default' &&
        listOuterRequests(story).some(({ asked }) => asked.handoffs === undefined),
    ).length,
}

function checkFirstRequest(
  story: RunRecord,
  { at, asked }: RequestRecord,
  before: RunRecord | undefined,
): Violation[] {
  const { session } = story.started
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
      return hasResponse || !mustContinue(before) ? [] : found('names no response')
    case 'runtime-default':
      return []
  }
}

/** Returns whether a turn left a response that the next turn must name. */
function mustContinue(before: RunRecord | undefined): boolean {
  if (before === undefined || before.stopped !== undefined || !hasSucceeded(before)) return false
  const last = listOuterRequests(before).at(-1)
  return last !== undefined && isAnsweredWhole(last)
}
