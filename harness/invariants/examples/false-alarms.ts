import {
  answered,
  asked,
  call,
  createCallOutput,
  ended,
  failed,
  mode,
  refusedWith,
  said,
  spanEnd,
  spanStart,
  toolStart,
  user,
} from './events.ts'
import { askedBy, handsTo, told } from './handoffs.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const FIRST = 'canary-0.0.0-00000000 what is the weather?'
const TASK = 'canary-0.0.1-00000000 look it up'
const AGAIN = 'canary-0.0.2-00000000 look again'
const begun = said(RUN, FIRST)
const done = ended(RUN, 'completed')

/** Histories of correct runtimes that a rule once called broken. */
export const falseAlarms: Record<string, Examples> = {
  'original-error-kept': {
    holds: [
      // A runtime may wrap an error.
      [
        begun,
        asked(1, RUN),
        refusedWith(1, 401),
        failed(RUN, {
          message: 'the run failed',
          causes: [{ name: 'AuthenticationError', message: '401 Incorrect API key', status: 401 }],
        }),
      ],
    ],
    breaks: [],
  },
  'calls-answered': {
    holds: [
      // A call beside the handoff that ended the run. No request is left that could carry its output.
      [begun, askedBy('a', 1), answered(1, [call('call_1'), handsTo('b')]), told('a', 'b'), done],
    ],
    breaks: [],
  },
  'spans-counted': {
    holds: [
      // No span tells its operation.
      {
        history: [
          mode('on'),
          begun,
          spanStart('my.agent'),
          spanStart('my.request', 'my.agent'),
          asked(1, RUN),
          answered(1),
          spanEnd('my.request'),
          spanEnd('my.agent'),
          done,
        ],
        unexercised: true,
      },
    ],
    breaks: [],
  },
  'no-context-loss': {
    holds: [
      // An agent is called as a tool twice, and the runtime puts a message of its own before the task of each call.
      [
        begun,
        asked(1, RUN, [user('The shell is bash.'), user(FIRST)], { agent: 'a' }),
        answered(1, [call('call_1', { task: TASK }), call('call_2', { task: AGAIN })]),
        asked(2, RUN, [user('The shell is bash.'), user(TASK)], { agent: 'b' }),
        answered(2, [call('call_3')]),
        toolStart(RUN, 'call_3'),
        asked(3, RUN, [user('The shell is bash.'), user(AGAIN)], { agent: 'b' }),
        asked(
          4,
          RUN,
          [user('The shell is bash.'), user(TASK), call('call_3'), createCallOutput('call_3', 'x')],
          {
            agent: 'b',
          },
        ),
      ],
    ],
    breaks: [],
  },
}
