import {
  answered,
  asked,
  assistant,
  call,
  createCallOutput,
  cut,
  delta,
  ended,
  failed,
  hook,
  refusedWith,
  said,
  sent,
  stopped,
  toolEnd,
  toolStart,
  update,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [said(RUN, 'hello there, agent')]
const rain = ended(RUN, 'completed', { text: 'it rains' })

const twoAnswers = [
  ...begun,
  asked(1, RUN),
  answered(1, [call('call_1')]),
  asked(2, RUN),
  answered(2, [assistant('it rains')]),
]

export const answers: Record<string, Examples> = {
  'delivery-is-faithful': {
    holds: [
      [
        ...begun,
        asked(1, RUN),
        delta(1, 'it '),
        update(RUN, 'it '),
        delta(1, 'rains'),
        answered(1, [assistant('it rains')]),
        update(RUN, 'rains'),
        rain,
      ],
      // An attempt was cut, and the next one delivers what was not delivered before.
      [
        ...begun,
        asked(1, RUN),
        delta(1, 'it '),
        update(RUN, 'it '),
        cut(1),
        asked(2, RUN, [], { attempt: 1 }),
        delta(2, 'it rains'),
        answered(2, [assistant('it rains')]),
        update(RUN, 'rains'),
        rain,
      ],
      [...begun, asked(1, RUN), delta(1, 'it '), delta(1, 'rains'), update(RUN, 'it '), cut(1), failed(RUN)],
      // The consumer asked for the outcome alone.
      [...begun, asked(1, RUN), delta(1, 'it rains'), answered(1, [assistant('it rains')]), rain],
      [...twoAnswers, ended(RUN, 'completed', { text: 'it rains', usage: { input: 30, output: 3 } })],
      // Of an agent called as a tool the texts may be delivered or not.
      [
        ...begun,
        asked(1, RUN, [], { agent: 'a' }),
        asked(2, RUN, [], { agent: 'b' }),
        delta(2, 'at last: '),
        answered(2, [assistant('at last: ')]),
        update(RUN, 'at last: '),
        delta(1, 'it rains'),
        answered(1, [assistant('it rains')]),
        update(RUN, 'it rains'),
        rain,
      ],
    ],
    breaks: [
      {
        history: [
          ...twoAnswers,
          ended(RUN, 'completed', { text: 'it rains', usage: { input: 20, output: 2 } }),
        ],
        says: 'the outcome of run c0.t0 reports 20 + 2 tokens, expected 30 + 3 as its answers used',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          delta(1, 'it '),
          update(RUN, 'it '),
          cut(1),
          asked(2, RUN, [], { attempt: 1 }),
          delta(2, 'it rains'),
          answered(2, [assistant('it rains')]),
          update(RUN, 'it rains'),
          rain,
        ],
        says: 'run c0.t0 delivered "it it rains" from character 0 on, expected "it rains" as the model said',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          delta(1, 'it '),
          delta(1, 'rains'),
          answered(1, [assistant('it rains')]),
          update(RUN, 'it '),
          rain,
        ],
        says: 'run c0.t0 completed and delivered "it ", expected all that the model said: "it rains"',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          answered(1, [assistant('it rains')]),
          ended(RUN, 'completed', { text: 'it' }),
        ],
        says: 'the outcome of run c0.t0 has the text "it", expected the last answer "it rains"',
      },
    ],
  },
  'original-error-kept': {
    holds: [
      [...begun, asked(1, RUN), stopped(RUN, 'abort'), cut(1), ended(RUN, 'stopped')],
      [...begun, asked(1, RUN), refusedWith(1, 500), failed(RUN, { status: 500 })],
      [...begun, asked(1, RUN), refusedWith(1, 500), failed(RUN, { message: 'the model answered 500' })],
      [...begun, asked(1, RUN), cut(1), failed(RUN, { message: 'terminated' })],
      [
        ...begun,
        asked(1, RUN),
        sent(1, 'response.failed', { error: { code: 'server_error', message: 'The server had an error' } }),
        answered(1, [], { how: 'failed' }),
        // What fails afterwards does not count.
        hook(RUN, 'cleanup', { threw: true }),
        failed(RUN, { code: 'server_error' }),
      ],
      [
        ...begun,
        hook(RUN, 'before_run', { threw: true }),
        failed(RUN, { message: 'conformance: hook before_run throws' }),
      ],
      [...begun, asked(1, RUN), stopped(RUN, 'abort'), cut(1), ended(RUN, 'failed')],
      [
        ...begun,
        toolEnd(RUN, 'call_1', { error: 'no answer' }),
        asked(1, RUN, [call('call_1'), createCallOutput('call_1', 'The tool failed.')]),
      ],
    ],
    breaks: [
      {
        history: [...begun, asked(1, RUN), cut(1), ended(RUN, 'stopped')],
        says: 'run c0.t0 reports that it was stopped, but nobody stopped it: the run failed because of a broken stream',
      },
      { history: [...begun, asked(1, RUN), cut(1), ended(RUN, 'failed')], says: 'its outcome has no error' },
      {
        history: [
          ...begun,
          toolEnd(RUN, 'call_1', { error: 'no answer' }),
          asked(1, RUN, [call('call_1'), createCallOutput('call_1', '')]),
        ],
        says: 'the tool get_weather of run c0.t0 threw "no answer", but the model was given an empty output',
      },
      {
        history: [...begun, asked(1, RUN), refusedWith(1, 500), failed(RUN, { message: 'the agent failed' })],
        says: 'run c0.t0 failed because of HTTP status 500, but its error is {"name":"Error","message":"the agent failed"}',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          sent(1, 'error', { error: { code: 'server_error', message: 'The server had an error' } }),
          answered(1, [], { how: 'failed' }),
          failed(RUN, { message: 'token was created in a different Context' }),
        ],
        says: 'run c0.t0 failed because of the service error "server_error", but its error is {"name":"Error","message":"token was created in a different Context"}',
      },
      {
        history: [...begun, hook(RUN, 'result', { threw: true }), failed(RUN, { message: 'unknown' })],
        says: 'run c0.t0 failed because of the hook result, which threw "conformance: hook result throws", but its error is {"name":"Error","message":"unknown"}',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          answered(1, [call('call_1')]),
          toolEnd(RUN, 'call_1', { error: 'no such city' }),
          failed(RUN, { message: 'undefined' }),
        ],
        says: 'run c0.t0 failed because of the tool get_weather, which threw "no such city", but its error is {"name":"Error","message":"undefined"}',
      },
    ],
  },
  'only-complete-calls-run': {
    holds: [
      [
        asked(1, RUN),
        answered(1, [call('call_1', { city: 'Oslo' })]),
        toolStart(RUN, 'call_1', { city: 'Oslo' }),
      ],
      [
        asked(1, RUN),
        answered(1, [call('call_1', { city: 'Oslo' })]),
        toolStart(RUN, undefined, { city: 'Oslo' }),
      ],
      // A runtime may begin while the answer still comes.
      [
        asked(1, RUN),
        sent(1, 'response.output_item.done', { item: call('call_1') }),
        toolStart(RUN, 'call_1'),
        cut(1),
      ],
    ],
    breaks: [
      {
        history: [asked(1, RUN), toolStart(RUN, 'call_1')],
        says: 'run c0.t0 ran the tool get_weather without a complete call: call_1 has not arrived',
      },
      {
        history: [
          asked(1, RUN),
          answered(1, [call('call_1', {}, { status: 'incomplete' })]),
          toolStart(RUN, 'call_1'),
        ],
        says: 'run c0.t0 ran the tool get_weather without a complete call: call_1 has not arrived',
      },
      {
        history: [
          asked(1, RUN),
          sent(1, 'response.output_item.done', { item: call('call_1') }),
          cut(1),
          toolStart(RUN, 'call_1'),
        ],
        says: 'run c0.t0 ran the tool get_weather for a call of request 1, but the answer to that request was cut off',
      },
      {
        history: [
          asked(1, RUN),
          answered(1, [call('call_1')]),
          toolStart(RUN, 'call_1'),
          toolStart(RUN, 'call_1'),
        ],
        says: 'run c0.t0 ran the tool get_weather a second time for one call (call_1)',
      },
      {
        history: [
          asked(1, RUN),
          answered(1, [call('call_1', { city: 'Oslo' })]),
          toolStart(RUN, 'call_1', {}),
        ],
        says: 'run c0.t0 ran the tool get_weather with the arguments {}, expected {"city":"Oslo"} as in the call',
      },
      {
        history: [asked(1, 'c1.t0'), answered(1, [call('call_1')]), toolStart(RUN, 'call_1')],
        says: 'run c0.t0 ran the tool get_weather for a call that belongs to run c1.t0',
      },
    ],
  },
}
