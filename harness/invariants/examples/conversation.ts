import {
  answered,
  asked,
  assistant,
  call,
  createCallOutput,
  ended,
  failed,
  said,
  toolEnd,
  toolStart,
  user,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const NEXT = 'c0.t1'
const FIRST = 'what is the weather?'
const SECOND = 'and tomorrow, please?'
const begun = said(RUN, FIRST)
const next = said(NEXT, SECOND)
const done = ended(RUN, 'completed')
const RAIN = 'it is raining in Oslo'
const SUN = 'the sun shines in Riga'
const twoCalls = [call('call_1'), call('call_2')]
const twoResults = [
  begun,
  asked(1, RUN),
  answered(1, twoCalls),
  toolEnd(RUN, 'call_1', { result: RAIN }),
  toolEnd(RUN, 'call_2', { result: SUN }),
]

export const conversation: Record<string, Examples> = {
  'no-repeated-items': {
    holds: [
      [begun, asked(1, RUN, [user(FIRST)]), answered(1, [assistant('it is raining')])],
      // It was said twice.
      [
        begun,
        done,
        said(NEXT, FIRST),
        asked(1, NEXT, [user(FIRST), assistant('it is raining'), user(FIRST)]),
      ],
      // What a tool gave twice an agent that did not call it is told of twice, in words.
      [
        toolEnd(RUN, 'call_1', { result: 'canary-tool.0.0.0-0123abcd' }),
        toolEnd(RUN, 'call_2', { result: 'canary-tool.0.0.0-0123abcd' }),
        asked(3, RUN, [
          user('It gave canary-tool.0.0.0-0123abcd'),
          user('It gave canary-tool.0.0.0-0123abcd'),
        ]),
      ],
      // A summary is none of what it tells of.
      [
        begun,
        asked(1, RUN, [
          user('canary-0.0.0-0123abcd Hi.'),
          user('user: canary-0.0.0-0123abcd Hi. a: canary-0.0.1-0123abcd Yes.'),
        ]),
      ],
      // It was answered twice, by an answer that is never used up.
      [
        asked(1, RUN),
        answered(1, [assistant('canary-0.0.1-0123abcd Yes.')]),
        asked(2, RUN),
        answered(2, [assistant('canary-0.0.1-0123abcd Yes.')]),
        asked(3, NEXT, [assistant('canary-0.0.1-0123abcd Yes.'), assistant('canary-0.0.1-0123abcd Yes.')]),
      ],
    ],
    breaks: [
      {
        history: [begun, asked(1, RUN, [user(FIRST), user(FIRST)])],
        says: 'request 1 contains the user message "what is the weather?" 2 times, expected at most 1',
      },
      {
        history: [
          begun,
          asked(1, RUN, [user(FIRST)]),
          answered(1, [call('call_1')]),
          asked(2, RUN, [user(FIRST), call('call_1'), call('call_1'), createCallOutput('call_1', 'rain')]),
        ],
        says: 'request 2 contains the function_call call_1 2 times, expected at most 1',
      },
      {
        history: [
          begun,
          asked(1, RUN, [user(FIRST)]),
          answered(1, [assistant('it is raining')]),
          done,
          next,
          asked(2, NEXT, [user(FIRST), assistant('it is raining'), assistant('it is raining'), user(SECOND)]),
        ],
        says: 'request 2 contains the assistant message "it is raining" 2 times, expected at most 1',
      },
      {
        history: [
          asked(1, RUN, [
            { type: 'reasoning', id: 'rs_1' },
            { type: 'reasoning', id: 'rs_1' },
          ]),
        ],
        says: 'request 1 contains the item rs_1 2 times, expected at most 1',
      },
    ],
  },
  'calls-answered': {
    holds: [
      [
        begun,
        asked(1, RUN),
        answered(1, [call('call_1')]),
        asked(2, RUN, [call('call_1'), createCallOutput('call_1', 'x')]),
        done,
      ],
      [begun, asked(1, RUN), answered(1, [call('call_1')]), toolStart(RUN, 'call_1'), done],
      [begun, asked(1, RUN), answered(1, [call('call_1')]), toolStart(RUN, undefined), done],
      [begun, asked(1, RUN), answered(1, [call('call_1')]), failed(RUN)],
      [
        ...twoResults,
        asked(2, RUN, [...twoCalls, createCallOutput('call_1', RAIN), createCallOutput('call_2', SUN)]),
      ],
    ],
    breaks: [
      {
        history: [asked(1, RUN, [call('call_1'), user(SECOND)])],
        says: 'request 1 contains the call call_1 without an output',
      },
      {
        history: [asked(1, RUN, [user(FIRST), createCallOutput('call_1', 'x')])],
        says: 'request 1 contains an output of the call call_1 without that call',
      },
      {
        history: [begun, asked(1, RUN), answered(1, [call('call_1')]), done],
        says: 'its call of get_weather (call_1) was neither run nor answered',
      },
      {
        history: [
          begun,
          asked(1, RUN, [], { body: { tools: [{ type: 'function', name: 'get_weather' }] } }),
          answered(1, [call('call_1')]),
          asked(2, RUN, [call('call_1'), createCallOutput('call_1', 'sunny')]),
          answered(2, [assistant('it is sunny')]),
          done,
        ],
        says: 'its call of get_weather (call_1) was answered, but not run',
      },
    ],
  },
}
