import type { History } from '../../contract/events.ts'
import {
  answered,
  asked,
  assistant,
  call,
  ended,
  failed,
  hook,
  mode,
  refusedWith,
  said,
  spanEnd,
  spanStart,
  user,
} from './events.ts'
import { askedBy, handsTo, told } from './handoffs.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const NEXT = 'c0.t1'
const FIRST = 'canary-0.0.0-00000000 research frameworks'
const SECOND = 'canary-0.1.0-00000000 and now?'
const begun = said(RUN, FIRST)
const done = ended(RUN, 'completed')

/** A hands to B, who answers. */
const handed: History = [
  begun,
  askedBy('a', 1),
  answered(1, [handsTo('b')]),
  told('a', 'b'),
  askedBy('b', 2),
  answered(2, [assistant('there are many of them')]),
]

/** What the other promises say where a conversation changes hands. */
export const amongHandoffs: Record<string, Examples> = {
  'no-context-loss': {
    holds: [
      [...handed, done],
      // B is told of it in a summary.
      [
        ...handed.slice(0, 4),
        askedBy('b', 2, [{ role: 'assistant', content: `<HISTORY> user: ${FIRST}` }]),
        answered(2),
        done,
      ],
    ],
    breaks: [
      {
        history: [begun, askedBy('a', 1), answered(1, [handsTo('b')]), told('a', 'b'), askedBy('b', 2, [])],
        says: `request 2 lacks the user message "${FIRST}"`,
      },
      {
        history: [
          ...handed,
          done,
          said(NEXT, SECOND),
          askedBy('b', 3, [user(FIRST), user(SECOND)], NEXT),
          answered(3, [handsTo('a')]),
          askedBy('a', 4, [user(FIRST)], NEXT),
        ],
        says: `request 4 lacks the user message "${SECOND}"`,
      },
    ],
  },
  'before-run-once': {
    holds: [
      [
        begun,
        hook(RUN, 'before_run', { agent: 'a' }),
        askedBy('a', 1),
        answered(1, [handsTo('b')]),
        hook(RUN, 'before_run', { agent: 'b' }),
        askedBy('b', 2),
        answered(2, [handsTo('a')]),
        hook(RUN, 'before_run', { agent: 'a' }),
        askedBy('a', 3),
      ],
      // A hook around the run names no agent.
      [begun, hook(RUN, 'before_run'), askedBy('a', 1), answered(1, [handsTo('b')]), askedBy('b', 2)],
      // It throws before the agent's first request.
      [
        begun,
        hook(RUN, 'before_run', { agent: 'a' }),
        askedBy('a', 1),
        answered(1, [handsTo('b')]),
        hook(RUN, 'before_run', { agent: 'b', threw: true }),
        failed(RUN),
      ],
    ],
    breaks: [
      {
        history: [
          begun,
          hook(RUN, 'before_run', { agent: 'a' }),
          askedBy('a', 1),
          answered(1, [handsTo('b')]),
          askedBy('b', 2),
        ],
        says: 'did not fire before request 2 of run c0.t0',
      },
      {
        history: [
          begun,
          hook(RUN, 'before_run', { agent: 'a' }),
          askedBy('a', 1),
          answered(1, [handsTo('b')]),
          hook(RUN, 'before_run', { agent: 'b' }),
          hook(RUN, 'before_run', { agent: 'b' }),
          askedBy('b', 2),
        ],
        says: 'before_run fired twice for one turn of b in run c0.t0',
      },
    ],
  },
  'after-run-only-on-success': {
    holds: [
      // A had done its part when B failed.
      [...handed.slice(0, 3), hook(RUN, 'after_run', { agent: 'a' }), ...handed.slice(3, 5), failed(RUN)],
      [...handed.slice(0, 3), hook(RUN, 'after_run', { agent: 'a' }), failed(RUN)],
    ],
    breaks: [
      {
        history: [...handed.slice(0, 5), hook(RUN, 'after_run', { agent: 'b' }), failed(RUN)],
        says: 'after_run fired for run c0.t0, which failed',
      },
    ],
  },
  'calls-answered': {
    holds: [
      [begun, askedBy('a', 1), answered(1, [handsTo('b')]), askedBy('b', 2), answered(2), done],
      // The call cannot be run, and the next agent is told what was said without the calls.
      [
        ...[begun, askedBy('a', 1), answered(1, [{ ...call('call_1'), arguments: '{' }, handsTo('b')])],
        ...[askedBy('b', 2), answered(2), done],
      ],
    ],
    breaks: [
      {
        history: [
          begun,
          asked(1, RUN, [user(FIRST)], {
            agent: 'a',
            handoffs: { handoff_to_b: 'b' },
            body: { tools: [{ type: 'function', name: 'get_weather', parameters: {} }] },
          }),
          answered(1, [call('call_1'), handsTo('b')]),
          askedBy('b', 2),
          answered(2),
          done,
        ],
        says: 'its call of get_weather (call_1) was neither run nor answered',
      },
      {
        history: [begun, askedBy('a', 1), answered(1, [handsTo('b')]), askedBy('b', 2, [handsTo('b')])],
        says: 'request 2 contains the call call_to_b without an output',
      },
    ],
  },
  'spans-counted': {
    holds: [
      [
        mode('on'),
        ...handed,
        spanStart('invoke_workflow w'),
        ...['invoke_agent a', 'chat 1', 'invoke_agent b', 'chat 2'].map((span) =>
          spanStart(span, 'invoke_workflow w'),
        ),
        done,
      ],
    ],
    breaks: [
      {
        history: [
          mode('on'),
          ...handed,
          spanStart('invoke_agent a'),
          ...['chat 1', 'chat 2'].map((span) => spanStart(span, 'invoke_agent a')),
          done,
        ],
        says: 'run c0.t0 has 1 invoke_agent spans, expected 2',
      },
    ],
  },
  'span-status-tells-outcome': {
    holds: [
      // A's part went well, and B failed.
      [
        mode('on'),
        ...handed.slice(0, 5),
        refusedWith(2, 500),
        spanStart('invoke_agent a'),
        spanStart('invoke_agent b'),
        spanEnd('invoke_agent a'),
        spanEnd('invoke_agent b', {}, { status: 'ERROR' }),
        failed(RUN),
      ],
    ],
    breaks: [
      {
        history: [
          mode('on'),
          ...handed.slice(0, 5),
          refusedWith(2, 500),
          spanStart('invoke_agent a'),
          spanStart('invoke_agent b'),
          spanEnd('invoke_agent a', {}, { status: 'ERROR' }),
          spanEnd('invoke_agent b'),
          failed(RUN),
        ],
        says: 'span "invoke_agent b" has the status UNSET, expected ERROR because run c0.t0 failed',
      },
    ],
  },
  'spans-carry-own-data': {
    holds: [
      [
        mode('on'),
        ...handed,
        spanStart('invoke_agent b'),
        spanEnd('invoke_agent b', { 'gen_ai.usage.input_tokens': 20, 'gen_ai.usage.output_tokens': 2 }),
        done,
      ],
    ],
    breaks: [
      {
        history: [
          mode('on'),
          ...handed,
          spanStart('invoke_agent b'),
          spanEnd('invoke_agent b', { 'gen_ai.usage.input_tokens': 40, 'gen_ai.usage.output_tokens': 4 }),
          done,
        ],
        says: 'span "invoke_agent b" of run c0.t0 reports 40 + 4 tokens, expected 30 + 3 tokens as its run used',
      },
    ],
  },
}
