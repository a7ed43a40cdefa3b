import type { History } from '../../contract/events.ts'
import {
  answered,
  asked,
  call,
  cut,
  ended,
  failed,
  mode,
  noise,
  registered,
  said,
  sent,
  spanEnd,
  spanStart,
  stopped,
  toolEnd,
  toolStart,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const OTHER = 'c1.t0'
const begun = [mode('on'), said(RUN, 'hello there, agent'), spanStart('invoke_agent a')]
const done = ended(RUN, 'completed')

/** A run of one answer, whose chat span has these attributes. */
function chat(attributes: Record<string, string | number>): History {
  return [
    ...begun,
    spanStart('chat gpt', 'invoke_agent a'),
    asked(1, RUN),
    answered(1),
    spanEnd('chat gpt', attributes),
    spanEnd('invoke_agent a'),
    done,
  ]
}

/** A run of one answer, in a step of its own. */
const stepped: History = [
  ...begun,
  registered('register'),
  spanStart('react step', 'invoke_agent a'),
  spanStart('chat gpt', 'react step'),
  asked(1, RUN),
  answered(1),
]

const told = 'canary-0.0.1-0123abcd It is so.'
const threw = toolEnd(RUN, 'call_1', { error: told })

export const spanData: Record<string, Examples> = {
  'spans-carry-own-data': {
    holds: [
      chat({}),
      chat({
        'gen_ai.response.id': 'resp_1',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.output_tokens': 1,
      }),
      // The client did not read to the end of the first answer.
      [
        ...begun,
        ...[asked(1, RUN), sent(1, 'garbage'), answered(1), asked(2, RUN, [], { attempt: 1 }), answered(2)],
        ...[asked(3, RUN), answered(3)],
        spanEnd('invoke_agent a', { 'gen_ai.usage.input_tokens': 50, 'gen_ai.usage.output_tokens': 5 }),
        done,
      ],
    ],
    breaks: [
      {
        history: [
          ...begun,
          ...[asked(1, RUN), answered(1), asked(2, RUN), answered(2), asked(3, RUN), answered(3)],
          spanEnd('invoke_agent a', { 'gen_ai.usage.input_tokens': 50, 'gen_ai.usage.output_tokens': 5 }),
          done,
        ],
        says: 'span "invoke_agent a" of run c0.t0 reports 50 + 5 tokens, expected 60 + 6 tokens as its run used',
      },
      {
        history: [
          ...begun,
          said(OTHER, 'hello from elsewhere'),
          asked(1, RUN),
          asked(2, OTHER),
          spanStart('chat gpt', 'invoke_agent a'),
          answered(2),
          answered(1),
          spanEnd('chat gpt', { 'gen_ai.response.id': 'resp_2' }),
        ],
        says: 'span "chat gpt" of run c0.t0 reports response resp_2, which belongs to run c1.t0',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          answered(1),
          spanStart('chat 1', 'invoke_agent a'),
          spanEnd('chat 1', { 'gen_ai.response.id': 'resp_1' }),
          spanStart('chat 2', 'invoke_agent a'),
          spanEnd('chat 2', { 'gen_ai.response.id': 'resp_1' }),
        ],
        says: 'span "chat 2" of run c0.t0 reports response resp_1, which another chat span reports as well',
      },
      {
        history: chat({ 'gen_ai.usage.input_tokens': 0, 'gen_ai.usage.output_tokens': 1 }),
        says: 'span "chat gpt" of run c0.t0 reports 0 + 1 tokens, expected 10 + 1 tokens as its responses used',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          answered(1),
          asked(2, RUN),
          answered(2),
          spanEnd('invoke_agent a', { 'gen_ai.usage.input_tokens': 0, 'gen_ai.usage.output_tokens': 3 }),
          done,
        ],
        says: 'span "invoke_agent a" of run c0.t0 reports 0 + 3 tokens, expected 30 + 3 tokens as its run used',
      },
      {
        history: [
          ...begun,
          spanStart('chat 1', 'invoke_agent a'),
          asked(1, RUN),
          answered(1),
          spanEnd('chat 1', { 'gen_ai.response.id': 'resp_1' }),
          spanStart('chat 2', 'invoke_agent a'),
          asked(2, RUN),
          answered(2),
          spanEnd('chat 2'),
          done,
        ],
        says: 'no chat span of run c0.t0 reports its response resp_2',
      },
    ],
  },
  'spans-counted': {
    holds: [
      // The runtime began the run some time after its consumer had dropped it, while nobody had the turn.
      {
        history: [
          ...[
            mode('on'),
            said(RUN, 'hi'),
            stopped(RUN, 'drop'),
            spanStart('a', undefined, { conversation: null }),
          ],
          ...[spanStart('chat gpt', 'a', { conversation: null }), asked(1, RUN), answered(1)],
          ...[spanEnd('chat gpt'), spanEnd('a')],
        ],
        unexercised: true,
      },
      chat({}),
      // An attempt that was spoiled, and the next: one span for both, or one each.
      [
        ...begun,
        spanStart('chat gpt', 'invoke_agent a'),
        asked(1, RUN),
        cut(1),
        asked(2, RUN, [], { attempt: 1 }),
        answered(2),
        done,
      ],
      [
        ...begun,
        spanStart('chat 1', 'invoke_agent a'),
        asked(1, RUN),
        answered(1, [call('call_1')]),
        spanStart('execute_tool get_weather', 'invoke_agent a'),
        toolStart(RUN, 'call_1'),
        spanStart('chat 2', 'invoke_agent a'),
        asked(2, RUN),
        answered(2),
        done,
      ],
      [...stepped, spanEnd('react step', { 'gen_ai.operation.name': 'react' }), done],
      // An agent as a tool.
      [
        ...begun,
        spanStart('chat 1', 'invoke_agent a'),
        asked(1, RUN, [], { agent: 'a' }),
        answered(1, [call('call_1')]),
        spanStart('execute_tool b', 'invoke_agent a'),
        spanStart('invoke_agent b', 'execute_tool b'),
        spanStart('chat 2', 'invoke_agent b'),
        asked(2, RUN, [], { agent: 'b' }),
        answered(2),
        spanStart('chat 3', 'invoke_agent a'),
        asked(3, RUN, [], { agent: 'a' }),
        answered(3),
        done,
      ],
    ],
    breaks: [
      { history: [...begun, asked(1, RUN), answered(1), done], says: 'has 0 chat spans, expected 1' },
      {
        history: [...stepped, spanStart('react again', 'invoke_agent a'), done],
        says: 'has 2 react spans, expected 1',
      },
      {
        history: [...chat({}).toSpliced(1, 0, registered('register'))],
        says: 'has 0 react spans, expected 1',
      },
      {
        history: [
          ...begun,
          spanStart('chat 1', 'invoke_agent a'),
          spanStart('chat 2', 'invoke_agent a'),
          asked(1, RUN),
          answered(1),
          done,
        ],
        says: 'has 2 chat spans, expected 1',
      },
      {
        history: [
          ...begun,
          spanStart('chat 1', 'invoke_agent a'),
          asked(1, RUN),
          answered(1, [call('call_1')]),
          toolStart(RUN, 'call_1'),
          failed(RUN),
        ],
        says: 'has 0 execute_tool spans, expected at least 1',
      },
      {
        history: [
          ...begun,
          spanStart('invoke_agent b', 'invoke_agent a'),
          spanStart('chat 1', 'invoke_agent a'),
          asked(1, RUN),
          answered(1),
          done,
        ],
        says: 'has 2 invoke_agent spans, expected 1',
      },
    ],
  },
  'no-content-unless-sensitive': {
    holds: [
      chat({ 'gen_ai.request.model': 'gpt' }),
      [mode('sensitive'), said(RUN, 'hello there, agent'), spanStart('a'), spanEnd('a', { text: told })],
      [mode('on'), said(RUN, 'hello there, agent'), spanStart('a'), spanEnd('a', { text: 'hello' })],
    ],
    breaks: [
      {
        history: [...begun, spanEnd('invoke_agent a', { 'gen_ai.output.messages': told })],
        says: 'span "invoke_agent a" contains a text of a conversation: "canary-0.0.1-0123abcd"',
      },
      {
        history: [
          ...begun,
          spanEnd(
            'invoke_agent a',
            {},
            { events: [{ name: 'message', attributes: { text: 'hello there, agent' } }] },
          ),
        ],
        says: 'span "invoke_agent a" contains a text of a conversation: "hello there, agent"',
      },
      {
        history: [...begun, noise('log', `the model said ${told}`)],
        says: 'a log record contains a text of a conversation: "canary-0.0.1-0123abcd"',
      },
      { history: [mode('on'), spanStart(`chat ${told}`)], says: 'the name of span' },
    ],
  },
  'no-thrown-text-unless-sensitive': {
    holds: [
      [...begun, threw, spanEnd('invoke_agent a', { 'error.type': 'Error' })],
      [...begun, spanEnd('invoke_agent a', { 'exception.message': told })],
      [mode('sensitive'), said(RUN, 'hello'), threw, spanEnd('a', { text: told })],
    ],
    breaks: [
      {
        history: [...begun, threw, spanEnd('invoke_agent a', { 'exception.message': told })],
        says: 'span "invoke_agent a" contains what a tool threw: "canary-0.0.1-0123abcd" in attribute "exception.message"',
      },
    ],
  },
}
