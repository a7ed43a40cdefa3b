import {
  answered,
  asked,
  assistant,
  atRest,
  call,
  cancelled,
  close,
  createCallOutput,
  cut,
  ended,
  failed,
  hook,
  mode,
  refusedWith,
  said,
  sent,
  spanEnd,
  spanStart,
  stopped,
  toolStart,
  user,
} from './events.ts'
import { askedBy, handsTo, told } from './handoffs.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const NEXT = 'c0.t1'
const FIRST = 'canary-0.0.0-00000000 what is the weather?'
const SECOND = 'canary-0.1.0-00000000 and tomorrow?'
const TASK = 'canary-0.0.1-00000000 look it up'
const AGAIN = 'canary-0.0.2-00000000 look again'
const SHELL = user('The shell is bash.')
const begun = said(RUN, FIRST)
const done = ended(RUN, 'completed')

/** Histories of correct runtimes that a rule has called broken, or could. No `breaks`: the other examples have those. */
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
      // An incomplete answer fails the run with an error of the runtime's own. What a hook throws afterwards does not count.
      [
        begun,
        asked(1, RUN),
        answered(1, [assistant('it ')], { how: 'incomplete' }),
        hook(RUN, 'cleanup', { threw: true }),
        failed(RUN, { name: 'IncompleteError', message: 'the answer is too long' }),
      ],
      // The hook of an agent that is a tool threw before the first request of that agent.
      [
        begun,
        asked(1, RUN, [], { agent: 'a' }),
        answered(1, [call('call_1', { task: TASK })]),
        hook(RUN, 'before_run', { agent: 'b', threw: true }),
        asked(2, RUN, [], { agent: 'a' }),
        refusedWith(2, 500),
        failed(RUN, { status: 500 }),
      ],
      // Exceptions of the hook are caught, as the documentation says.
      {
        history: [
          { kind: 'runtime', caught: ['before_run'] },
          begun,
          hook(RUN, 'before_run', { threw: true }),
          asked(1, RUN),
          refusedWith(1, 500),
          failed(RUN, { status: 500 }),
        ],
      },
    ],
    breaks: [],
  },
  'hook-errors-surface': {
    holds: [
      {
        history: [
          { kind: 'runtime', caught: ['after_run'] },
          begun,
          asked(1, RUN),
          answered(1),
          hook(RUN, 'after_run', { threw: true }),
          done,
        ],
        unexercised: true,
      },
    ],
    breaks: [],
  },
  // Agent b is called as a tool twice, and fails both times before its first request.
  ...Object.fromEntries(
    (['before-run-once', 'hooks-fire-once-each', 'cleanup-once', 'after-run-only-on-success'] as const).map(
      (id): [string, Examples] => [
        id,
        {
          holds: [
            [
              begun,
              hook(RUN, 'before_run', { agent: 'a' }),
              asked(1, RUN, [], { agent: 'a' }),
              answered(1, [call('call_1', { task: TASK }), call('call_2', { task: AGAIN })]),
              ...[1, 2].flatMap(() => [
                hook(RUN, 'before_run', { agent: 'b', threw: true }),
                hook(RUN, 'cleanup', { agent: 'b' }),
              ]),
              asked(2, RUN, [], { agent: 'a' }),
              answered(2),
              hook(RUN, 'after_run', { agent: 'a' }),
              hook(RUN, 'cleanup', { agent: 'a' }),
              done,
            ],
          ],
          breaks: [],
        },
      ],
    ),
  ),
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
      // An agent that is a tool was called in an answer that was then cut, and the answer was asked for again.
      [
        mode('on'),
        begun,
        spanStart('invoke_agent a'),
        spanStart('chat 1', 'invoke_agent a'),
        asked(1, RUN, [], { agent: 'a' }),
        sent(1, 'response.output_item.done', { item: call('call_1', { task: TASK }) }),
        cut(1),
        spanStart('execute_tool b', 'invoke_agent a'),
        spanStart('invoke_agent b', 'execute_tool b'),
        spanStart('chat 2', 'invoke_agent b'),
        asked(2, RUN, [user(TASK)], { agent: 'b' }),
        answered(2),
        spanStart('chat 3', 'invoke_agent a'),
        asked(3, RUN, [], { agent: 'a' }),
        answered(3),
        done,
      ],
      // A call that the runtime turned away has a span of its own, too.
      [
        mode('on'),
        begun,
        spanStart('invoke_agent a'),
        spanStart('chat 1', 'invoke_agent a'),
        asked(1, RUN),
        answered(1, [call('call_1')]),
        spanStart('execute_tool get_weather', 'invoke_agent a'),
        spanStart('chat 2', 'invoke_agent a'),
        asked(2, RUN, [call('call_1'), createCallOutput('call_1', 'not allowed')]),
        answered(2),
        done,
      ],
    ],
    breaks: [],
  },
  'spans-carry-own-data': {
    holds: [
      // The tokens of an attempt whose stream had garbage in it may count or not.
      ...[20, 30].map((input) => [
        mode('on'),
        begun,
        spanStart('invoke_agent a'),
        asked(1, RUN),
        sent(1, 'garbage'),
        answered(1),
        asked(2, RUN, [], { attempt: 1 }),
        answered(2),
        spanEnd('invoke_agent a', {
          'gen_ai.usage.input_tokens': input,
          'gen_ai.usage.output_tokens': input / 10,
        }),
        done,
      ]),
    ],
    breaks: [],
  },
  'delivery-is-faithful': {
    holds: [
      // The same for the tokens in the outcome.
      ...[20, 30].map((input) => [
        begun,
        asked(1, RUN),
        sent(1, 'garbage'),
        answered(1),
        asked(2, RUN, [], { attempt: 1 }),
        answered(2),
        ended(RUN, 'completed', { usage: { input, output: input / 10 } }),
      ]),
    ],
    breaks: [],
  },
  'no-context-loss': {
    holds: [
      // An agent is called as a tool twice, and the runtime puts a message of its own before the task of each call.
      [
        begun,
        asked(1, RUN, [SHELL, user(FIRST)], { agent: 'a' }),
        answered(1, [call('call_1', { task: TASK }), call('call_2', { task: AGAIN })]),
        asked(2, RUN, [SHELL, user(TASK)], { agent: 'b' }),
        answered(2, [call('call_3')]),
        toolStart(RUN, 'call_3'),
        asked(3, RUN, [SHELL, user(AGAIN)], { agent: 'b' }),
        asked(4, RUN, [SHELL, user(TASK), call('call_3'), createCallOutput('call_3', 'x')], { agent: 'b' }),
      ],
      // A text that stands inside an earlier one, in a plan from a recording.
      [
        said(RUN, 'He said: I have a bad feeling about this. Then he left.'),
        done,
        said(NEXT, 'I have a bad feeling about this'),
        asked(1, NEXT, [
          user('He said: I have a bad feeling about this. Then he left.'),
          user('I have a bad feeling about this'),
        ]),
      ],
    ],
    breaks: [],
  },
  'no-stale-previous-response-id': {
    holds: [
      // The service accepts a request that continues an incomplete response.
      [
        begun,
        asked(1, RUN),
        answered(1, [assistant('it ')], { how: 'incomplete' }),
        ended(RUN, 'incomplete'),
        said(NEXT, SECOND),
        asked(2, NEXT, [user(FIRST), assistant('it '), user(SECOND)], {
          body: { previous_response_id: 'resp_1' },
        }),
      ],
      // A call that the incomplete response left without its arguments needs no output.
      [
        begun,
        asked(1, RUN),
        answered(1, [call('call_1', {}, { status: 'incomplete', arguments: '{"ci' })], { how: 'incomplete' }),
        ended(RUN, 'incomplete'),
        said(NEXT, SECOND),
        asked(2, NEXT, [user(FIRST), call('call_1', {}, { status: 'incomplete' }), user(SECOND)], {
          body: { previous_response_id: 'resp_1' },
        }),
      ],
    ],
    breaks: [],
  },
  'stop-reaches-upstream': {
    holds: [
      // The consumer returned before it held the stream. The runtime sent its request, and then cancelled it.
      [begun, stopped(RUN, 'return'), asked(1, RUN), ...cancelled(1), ended(RUN, 'stopped'), atRest, close],
    ],
    breaks: [
      {
        history: [
          begun,
          stopped(RUN, 'return'),
          asked(1, RUN),
          answered(1),
          ended(RUN, 'stopped'),
          atRest,
          close,
        ],
        says: 'request 1 was sent after the consumer returned from run c0.t0',
      },
    ],
  },
}
