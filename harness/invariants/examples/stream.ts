import type { HistoryEvent } from '../../contract/events.ts'
import {
  answered,
  asked,
  atRest,
  cancelled,
  cut,
  ended,
  failed,
  hook,
  noise,
  pull,
  refusedWith,
  said,
  sent,
  stopped,
  toolStart,
  update,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const remote: HistoryEvent = { kind: 'runtime', remote: true }
const begun = [said(RUN, 'hello there, agent')]
const done = ended(RUN, 'completed')

export const stream: Record<string, Examples> = {
  'run-settles-once': {
    holds: [
      [...begun, done],
      [...begun, failed(RUN)],
      [...begun, stopped(RUN, 'drop')],
      [noise('exit', 'the process ended with code 1')],
    ],
    breaks: [
      { history: [...begun, ended(RUN, 'hung')], says: 'run c0.t0 did not end within its time limit' },
      { history: [...begun, done, done], says: 'run c0.t0 ended twice' },
      { history: begun, says: 'run c0.t0 was started and never ended' },
    ],
  },
  'truncation-is-failure': {
    holds: [
      [...begun, asked(1, RUN), cut(1), failed(RUN)],
      [...begun, asked(1, RUN), cut(1), asked(2, RUN, [], { attempt: 1 }), answered(2), done],
      [...begun, asked(1, RUN), answered(1, [], { how: 'incomplete' }), ended(RUN, 'incomplete')],
      [...begun, asked(1, RUN), stopped(RUN, 'abort'), cut(1), done],
      // The tool of another agent failed, and the model was told so.
      [
        ...begun,
        asked(1, RUN, [], { agent: 'a' }),
        answered(1),
        asked(2, RUN, [], { agent: 'a' }),
        answered(2),
        asked(3, RUN, [], { agent: 'b' }),
        cut(3),
        done,
      ],
    ],
    breaks: [
      {
        history: [...begun, asked(1, RUN), cut(1), done],
        says: 'run c0.t0 completed, but request 1 was cut off',
      },
      {
        history: [...begun, asked(1, RUN), answered(1, [], { how: 'failed' }), done],
        says: 'request 1 failed',
      },
      { history: [...begun, asked(1, RUN), refusedWith(1, 500), done], says: 'was answered with 500' },
      {
        history: [...begun, asked(1, RUN), done],
        says: 'run c0.t0 completed, but request 1 had no complete answer yet',
      },
      {
        history: [...begun, asked(1, RUN), sent(1, 'garbage'), answered(1), ended(RUN, 'incomplete')],
        says: 'run c0.t0 ended incomplete, but request 1 received malformed data',
      },
      {
        history: [...begun, asked(1, RUN), answered(1, [], { how: 'incomplete' }), done],
        says: 'run c0.t0 completed, but request 1 ended incomplete',
      },
    ],
  },
  'nothing-after-the-end': {
    holds: [
      [...begun, asked(1, RUN), update(RUN, 'it'), hook(RUN, 'result'), done, hook(RUN, 'cleanup')],
      [...begun, ended(RUN, 'hung'), hook(RUN, 'result')],
      // The request was on its way from another process when its run failed.
      [remote, ...begun, failed(RUN), asked(1, RUN), ...cancelled(1), atRest],
    ],
    breaks: [
      { history: [...begun, done, update(RUN, 'it')], says: 'an update came after run c0.t0 had ended' },
      { history: [...begun, done, toolStart(RUN, 'call_1')], says: 'a call of get_weather came after' },
      { history: [...begun, failed(RUN), asked(1, RUN)], says: 'request 1 came after' },
      { history: [...begun, done, hook(RUN, 'result')], says: 'the hook result came after' },
      {
        history: [...begun, failed(RUN), asked(1, RUN), ...cancelled(1), atRest],
        says: 'request 1 came after',
      },
      {
        history: [remote, ...begun, failed(RUN), asked(1, RUN), atRest, ...cancelled(1)],
        says: 'request 1 came after',
      },
    ],
  },
  'consumer-context-untouched': {
    holds: [[...begun, pull(RUN), pull(RUN), done]],
    breaks: [
      {
        history: [...begun, pull(RUN), pull(RUN, { context: 'changed' }), done],
        says: 'run c0.t0 changed the async context of its consumer in this pull',
      },
    ],
  },
}
