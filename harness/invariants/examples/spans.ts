import {
  answered,
  asked,
  atRest,
  close,
  ended,
  failed,
  mode,
  noise,
  pull,
  said,
  spanEnd,
  spanStart,
  stopped,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [mode('on'), said(RUN, 'hello there, agent')]
const done = ended(RUN, 'completed')

export const spans: Record<string, Examples> = {
  'no-leaked-spans': {
    holds: [
      [...begun, spanStart('a'), spanStart('b', 'a'), spanEnd('b'), spanEnd('a'), done],
      [...begun, spanStart('a'), failed(RUN), spanEnd('a')],
      [mode('off'), said(RUN, 'hello there, agent'), done],
      [mode('on', { sabotage: { part: 'span-end', does: 'drop', nth: 0 } }), spanStart('a'), done],
      [noise('exit', 'the process ended with code 1')],
      [...begun, spanStart('a'), spanEnd('a'), done, atRest, close],
      // A run that its consumer dropped owes nothing before the team is closed.
      [...begun, spanStart('a'), stopped(RUN, 'drop'), atRest, close, spanEnd('a')],
      [...begun, spanStart('a'), ended(RUN, 'hung'), atRest, close, spanEnd('a')],
    ],
    breaks: [
      {
        history: [...begun, spanStart('a'), done, atRest, close, spanEnd('a')],
        says: 'span "a" was started and did not end before the team was closed',
        cause: 'a span, run completed',
      },
      {
        history: [
          ...begun,
          spanStart('a'),
          done,
          said('c1.t0', 'and now, once more?'),
          stopped('c1.t0', 'drop'),
          atRest,
          close,
          spanEnd('a'),
        ],
        says: 'span "a" was started and did not end',
      },
      {
        history: [...begun, spanStart('a'), spanStart('b', 'a'), spanEnd('a'), failed(RUN)],
        says: 'span "b" was started and never ended',
      },
      { history: [mode('off'), mode('on'), spanStart('a'), mode('off')], says: '"a" was started and never' },
      { history: [...begun, done], says: 'no span was started, but the adapter declares `spans`' },
    ],
  },
  'span-ends-once': {
    holds: [
      [...begun, spanStart('a'), spanEnd('a'), done],
      [
        mode('on', { sabotage: { part: 'span-end', does: 'repeat', nth: 0 } }),
        spanStart('a'),
        spanEnd('a'),
        spanEnd('a'),
      ],
    ],
    breaks: [
      { history: [...begun, spanStart('a'), spanEnd('a'), spanEnd('a'), done], says: 'span "a" ended twice' },
      { history: [...begun, spanEnd('a'), done], says: 'span "a" ended but was never started' },
      { history: [...begun, spanStart('a'), spanStart('a'), spanEnd('a')], says: 'was started twice' },
    ],
  },
  'one-span-tree-per-run': {
    holds: [
      // The root's parent is the consumer's own span, which a history does not have.
      [...begun, spanStart('agent', 'consumer'), spanStart('chat', 'agent'), done],
      [
        ...begun,
        spanStart('agent', 'consumer'),
        done,
        said('c0.t1', 'and now, once more?'),
        spanStart('agent 2', 'consumer 2'),
        spanStart('chat 2', 'agent 2'),
        ended('c0.t1', 'completed'),
      ],
      [mode('on'), mode('off'), said(RUN, 'hello there, agent'), spanStart('a'), spanStart('b')],
    ],
    breaks: [
      {
        history: [...begun, spanStart('agent', 'consumer'), spanStart('chat'), done],
        says: 'span "chat" of run c0.t0 is a second root',
      },
      {
        history: [...begun, spanStart('agent', 'consumer'), spanStart('tool', 'consumer'), done],
        says: 'is a second root',
      },
      {
        history: [
          ...begun,
          said('c1.t0', 'hello from elsewhere'),
          spanStart('agent'),
          spanStart('agent 2', 'agent', { conversation: 1 }),
          done,
        ],
        says: 'span "agent 2" of run c1.t0 is in the tree of another run',
      },
    ],
  },
  'caller-span-kept': {
    holds: [
      [...begun, pull(RUN), pull(RUN), done],
      [...begun, pull(RUN, { error: { name: 'Error', message: 'no' } }), ended(RUN, 'failed')],
      [...begun, pull(RUN), failed(RUN, { message: 'no' })],
    ],
    breaks: [
      {
        history: [...begun, pull(RUN), pull(RUN, { span: 'changed' })],
        says: 'run c0.t0 changed the active span of its consumer in this pull',
      },
      {
        history: [...begun, pull(RUN), ended(RUN, 'failed')],
        says: 'run c0.t0 failed, but its consumer received no error',
      },
    ],
  },
  'span-status-tells-outcome': {
    holds: [
      [...begun, spanStart('invoke_agent a'), spanEnd('invoke_agent a'), done],
      [
        ...begun,
        spanStart('invoke_agent a'),
        spanEnd('invoke_agent a', {}, { status: 'ERROR' }),
        failed(RUN),
      ],
      [
        ...begun,
        spanStart('invoke_agent a'),
        stopped(RUN, 'abort'),
        spanEnd('invoke_agent a'),
        ended(RUN, 'stopped'),
      ],
    ],
    breaks: [
      {
        history: [...begun, spanStart('invoke_agent a'), spanEnd('invoke_agent a'), failed(RUN)],
        says: 'span "invoke_agent a" has the status UNSET, expected ERROR because run c0.t0 failed',
      },
      {
        history: [
          ...begun,
          spanStart('invoke_agent a'),
          spanEnd('invoke_agent a', {}, { status: 'ERROR' }),
          done,
        ],
        says: 'span "invoke_agent a" has the status ERROR, but run c0.t0 completed',
      },
      {
        history: [
          ...begun,
          spanStart('invoke_agent a'),
          spanEnd('invoke_agent a', { 'gen_ai.operation.name': 'invoke_agent' }, { status: 'ERROR' }),
          failed(RUN),
        ],
        says: 'lacks error.type',
      },
      {
        history: [
          ...begun,
          spanStart('invoke_agent a'),
          spanStart('chat gpt', 'invoke_agent a'),
          asked(1, RUN),
          answered(1, [], { how: 'failed' }),
          spanEnd('chat gpt'),
          spanEnd('invoke_agent a', {}, { status: 'ERROR' }),
          failed(RUN),
        ],
        says: 'span "chat gpt" has the status UNSET, expected ERROR because request 1 failed',
      },
    ],
  },
}
