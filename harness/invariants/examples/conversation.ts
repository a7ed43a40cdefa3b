import type { HistoryEvent } from '../../contract/events.ts'
import {
  answered,
  asked,
  assistant,
  call,
  createCallOutput,
  ended,
  failed,
  refusedWith,
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

function refused(request: number, rule: string): HistoryEvent[] {
  return [{ kind: 'request.refused', request, rule, status: 400 }, refusedWith(request, 400)]
}

export const conversation: Record<string, Examples> = {
  'no-context-loss': {
    holds: [
      [begun, done, said('c1.t0', SECOND), asked(1, 'c1.t0', [user(SECOND)])],
      [
        begun,
        asked(1, RUN, [user(FIRST)]),
        answered(1, [assistant('let me look that up'), call('call_1')]),
        toolEnd(RUN, 'call_1', { result: 'it is raining in Oslo' }),
        asked(2, RUN, [
          user(FIRST),
          assistant('let me look that up'),
          call('call_1'),
          createCallOutput('call_1', 'it is raining in Oslo'),
        ]),
        answered(2, [assistant('bring an umbrella')]),
        done,
        next,
        asked(3, NEXT, [user(FIRST), user(SECOND)]),
      ],
      [begun, failed(RUN), next, asked(1, NEXT, [user(SECOND)])],
      // What an agent called as a tool sees is its own.
      [
        begun,
        asked(1, RUN, [user(FIRST)], { agent: 'a' }),
        asked(2, RUN, [user('{"value":"Oslo"}')], { agent: 'b' }),
      ],
      [begun, asked(1, RUN), ...refused(1, 'input-given')],
    ],
    breaks: [
      {
        history: [begun, done, next, asked(1, NEXT, [user(SECOND)])],
        says: 'request 1 lacks the user message "what is the weather?"',
      },
      {
        history: [begun, done, next, asked(1, NEXT, [user(SECOND), user(FIRST)])],
        says: 'request 1 has the user message "and tomorrow, please?" out of order',
      },
      {
        history: [
          begun,
          asked(1, RUN, [user(FIRST)]),
          answered(1, [call('call_1')]),
          asked(2, RUN, [user(FIRST)]),
        ],
        says: 'request 2 lacks the result of get_weather (call_1)',
      },
      {
        history: [
          begun,
          asked(1, RUN, [user(FIRST)]),
          answered(1, [call('call_1')]),
          toolEnd(RUN, 'call_1', { result: 'it is raining in Oslo' }),
          asked(2, RUN, [user(FIRST), call('call_1'), createCallOutput('call_1', 'null')]),
        ],
        says: 'the tool result "it is raining in Oslo" of its own run',
      },
      {
        history: [
          begun,
          asked(1, RUN, [user(FIRST)]),
          answered(1, [assistant('let me look that up'), call('call_1')]),
          asked(2, RUN, [user(FIRST), call('call_1'), createCallOutput('call_1', 'rain')]),
        ],
        says: 'the answer "let me look that up" of its own run',
      },
    ],
  },
  'no-foreign-context': {
    holds: [
      [asked(1, RUN, [], { carries: [0] }), asked(2, 'c1.t0', [], { carries: [1] })],
      [asked(1, RUN, [], { run: null, carries: [0, 1] })],
      [begun, said('c1.t0', SECOND), asked(1, RUN, [], { carries: [0] })],
    ],
    breaks: [
      {
        history: [asked(1, RUN, [], { carries: [0, 1] })],
        says: 'request 1 of run c0.t0 contains texts of conversation 1',
      },
    ],
  },
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
      // What became of a result is the runtime's own affair, and so is its wording.
      [
        ...twoResults,
        asked(2, RUN, [
          ...twoCalls,
          createCallOutput('call_1', 'cut'),
          createCallOutput('call_2', `so: ${SUN}`),
        ]),
      ],
    ],
    breaks: [
      {
        history: [
          ...twoResults,
          asked(2, RUN, [...twoCalls, createCallOutput('call_1', SUN), createCallOutput('call_2', RAIN)]),
        ],
        says: 'request 2 of run c0.t0 has the result of another call as the output of call_1',
      },
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
    ],
  },
}
