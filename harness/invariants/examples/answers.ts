import {
  answered,
  asked,
  call,
  createCallOutput,
  cut,
  ended,
  failed,
  hook,
  refusedWith,
  said,
  sent,
  stopped,
  toolEnd,
  toolStart,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [said(RUN, 'hello there, agent')]

export const answers: Record<string, Examples> = {
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
      // The tool beside a handoff failed the run before the hook threw.
      [
        ...[...begun, asked(1, RUN, [], { agent: 'a', handoffs: { to_b: 'b' } })],
        answered(1, [call('call_1'), call('call_2', {}, { name: 'to_b' })]),
        toolEnd(RUN, 'call_1', { error: 'no answer' }),
        hook(RUN, 'cleanup', { threw: true }),
        failed(RUN, { message: 'no answer' }),
      ],
      // The agent b runs as a tool, so its hook did not fail the run.
      [
        ...begun,
        asked(1, RUN, [], { agent: 'a' }),
        hook(RUN, 'after_run', { agent: 'b', threw: true }),
        failed(RUN, { message: 'something else' }),
      ],
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
        history: [...begun, asked(1, RUN), cut(1), failed(RUN, { name: '' })],
        says: 'run c0.t0 failed with an error without a name',
        cause: 'error without a name',
      },
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
      // The answer failed and was asked for again.
      [
        asked(1, RUN),
        sent(1, 'response.output_item.done', { item: call('call_1', { city: 'Oslo' }) }),
        answered(1, [], { how: 'failed' }),
        asked(2, RUN, [], { attempt: 1 }),
        answered(2, [call('call_2', { city: 'Oslo' })]),
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
        history: [
          asked(1, RUN),
          sent(1, 'response.output_item.done', { item: call('call_1', { city: 'Oslo' }) }),
          answered(1, [], { how: 'failed' }),
          toolStart(RUN, undefined, { city: 'Oslo' }),
        ],
        says: 'for a call of request 1, but the answer to that request failed',
      },
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
          ...begun,
          asked(1, RUN),
          answered(1, [call('call_1', {}, { name: 'find_city' })]),
          toolStart(RUN, 'call_1'),
        ],
        says: 'run c0.t0 ran the tool get_weather for the call call_1 of find_city',
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
