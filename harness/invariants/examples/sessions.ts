import type { History } from '../../contract/events.ts'
import type { SessionMode } from '../../plan/types.ts'
import { answered, asked, ended, said } from './events.ts'
import type { Examples } from './types.ts'

const FIRST = 'c0.t0'
const SECOND = 'c0.t1'

/** Two turns of a conversation, each with one request with this body. */
function twoTurns(session: SessionMode, first: object, second: object): History {
  return [
    said(FIRST, 'hello there, agent', { session }),
    asked(1, FIRST, [], { body: { ...first } }),
    answered(1),
    ended(FIRST, 'completed'),
    said(SECOND, 'and now?', { session }),
    asked(2, SECOND, [], { body: { ...second } }),
    answered(2),
    ended(SECOND, 'completed'),
  ]
}

const chained = { previous_response_id: 'resp_1' }
const object = { conversation: 'conv_1' }

export const sessions: Record<string, Examples> = {
  'session-as-planned': {
    holds: [
      twoTurns('history', {}, {}),
      twoTurns('previous-response', {}, chained),
      twoTurns('conversation-object', object, { conversation: { id: 'conv_1' } }),
      twoTurns('runtime-default', {}, chained),
      // The whole history, where a response could be named.
      twoTurns('previous-response', {}, {}),
    ],
    breaks: [
      {
        history: twoTurns('history', {}, chained),
        says: 'request 2 begins a turn of a conversation with history, but names a response',
      },
      { history: twoTurns('history', object, object), says: 'but names a conversation' },
      { history: twoTurns('conversation-object', object, chained), says: 'but names no conversation' },
    ],
  },
}
