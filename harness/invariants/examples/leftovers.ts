import type { HistoryEvent } from '../../contract/events.ts'
import { asked, atRest, cancelled, close, ended, failed, said, stopped, toolStart } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [said(RUN, 'hello there, agent')]
const done = ended(RUN, 'completed')
const ignoring: HistoryEvent = {
  kind: 'tool.start',
  run: RUN,
  name: 'get_weather',
  call: 'call_1',
  args: {},
  ignoresSignal: true,
}
const quiet = [...begun, done]

export const leftovers: Record<string, Examples> = {
  'nothing-left-open': {
    holds: [
      quiet,
      [...quiet, atRest, close],
      [...begun, asked(1, RUN), ...cancelled(1), failed(RUN), atRest, close],
      // Other invariants judge these.
      [...begun, asked(1, RUN), stopped(RUN, 'drop'), atRest, close, ...cancelled(1)],
      [...begun, asked(1, RUN), stopped(RUN, 'abort'), ended(RUN, 'stopped'), atRest, close],
      // The plan makes the tool ignore its signal.
      [...begun, ignoring, stopped(RUN, 'abort'), ended(RUN, 'stopped'), atRest, close],
    ],
    breaks: [
      {
        history: [...quiet, { kind: 'left-open', what: 'timer', message: '2 timers are still set' }],
        says: 'still open when all runs had ended: 2 timers are still set',
        cause: 'timer left open by runs',
      },
      {
        history: [
          ...quiet,
          atRest,
          close,
          { kind: 'left-open', what: 'socket', message: '1 sockets are still open' },
        ],
        says: 'still open after the team was closed: 1 sockets are still open',
        cause: 'socket left open',
      },
      {
        history: [...begun, asked(1, RUN), failed(RUN), atRest, close, ...cancelled(1)],
        says: 'request 1 is still open although run c0.t0 has ended',
      },
      {
        history: [...begun, toolStart(RUN, 'call_1'), failed(RUN), atRest, close],
        says: 'the tool get_weather is still on although run c0.t0 has ended',
      },
      {
        history: [
          ...begun,
          toolStart(RUN, 'call_1'),
          stopped(RUN, 'abort'),
          ended(RUN, 'stopped'),
          atRest,
          close,
        ],
        says: 'the tool get_weather is still on',
      },
    ],
  },
  'nothing-left-behind': {
    holds: [quiet, [...quiet, atRest, close]],
    breaks: [
      {
        history: [
          ...quiet,
          atRest,
          close,
          { kind: 'left-behind', what: 'span.start', message: 'span "chat" was started' },
        ],
        says: 'after the plan was over, span "chat" was started',
      },
    ],
  },
}
