import type { HistoryEvent } from '../../contract/events.ts'
import {
  answered,
  asked,
  atRest,
  cancelled,
  close,
  cut,
  ended,
  failed,
  pull,
  said,
  stopped,
  toolEnd,
  toolStart,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [said(RUN, 'hello there, agent')]
const asks = [...begun, asked(1, RUN)]
const over = ended(RUN, 'stopped')
const elsewhere: HistoryEvent[] = [{ kind: 'runtime', remote: true }, ...begun]

/** The event, in a later step than all events without a step. */
function later(event: HistoryEvent): HistoryEvent {
  return { ...event, step: 1 }
}

/** A tool that the runtime can cancel. */
function cancellable(call: string): HistoryEvent {
  return { kind: 'tool.start', run: RUN, name: 'get_weather', call, args: {}, cancellable: true }
}

const callStopped = toolEnd(RUN, 'call_1', { error: 'the run was stopped', cancelled: true })

export const stops: Record<string, Examples> = {
  'stop-reaches-upstream': {
    holds: [
      [...asks, stopped(RUN, 'abort'), { kind: 'request.cancelled', request: 1 }, over],
      [...asks, stopped(RUN, 'abort'), ...cancelled(1), over, atRest, close],
      [...asks, answered(1), stopped(RUN, 'return'), over, atRest, close],
      // Its last event was sent in the step in which the run was stopped.
      [...asks, stopped(RUN, 'abort'), answered(1), over, atRest, close],
      [...asks, stopped(RUN, 'drop'), asked(2, RUN), atRest, close, ...cancelled(1)],
      // The rest of the answer is read: that is a should.
      [...asks, stopped(RUN, 'return'), over, atRest, answered(1), close],
      // In another process, the request was on its way when the run was stopped.
      [...elsewhere, pull(RUN), stopped(RUN, 'return'), over, asked(1, RUN), ...cancelled(1), atRest, close],
    ],
    breaks: [
      {
        history: [
          ...begun,
          pull(RUN),
          stopped(RUN, 'return'),
          over,
          asked(1, RUN),
          ...cancelled(1),
          atRest,
          close,
        ],
        says: 'request 1 was sent after the consumer returned from run c0.t0',
      },
      {
        history: [...elsewhere, stopped(RUN, 'return'), over, asked(1, RUN), answered(1), atRest, close],
        says: 'request 1 was sent after the consumer returned from run c0.t0',
      },
      {
        history: [
          ...[...elsewhere, stopped(RUN, 'abort'), over],
          ...[asked(1, RUN), ...cancelled(1), asked(2, RUN), ...cancelled(2), atRest, close],
        ],
        says: 'request 2 was sent after run c0.t0 was aborted',
      },
      {
        history: [...asks, stopped(RUN, 'abort'), over],
        says: 'request 1 is still open after run c0.t0 was aborted',
        cause: 'request open after abort',
      },
      {
        history: [...asks, stopped(RUN, 'return'), cut(1), asked(2, RUN), over],
        says: 'request 2 was sent after the consumer returned from run c0.t0',
        cause: 'request sent after return',
      },
      {
        history: [...asks, stopped(RUN, 'return'), over, atRest, close, ...cancelled(1)],
        says: 'request 1 is still open after the consumer returned from run c0.t0',
        cause: 'request open after return',
      },
      {
        history: [...asks, stopped(RUN, 'abort'), over, atRest, answered(1), close],
        says: 'request 1 was read to its end after run c0.t0 was aborted',
        cause: 'request read after abort',
      },
      {
        history: [...asks, stopped(RUN, 'abort'), later(answered(1)), over, atRest, close],
        says: 'request 1 was read to its end',
      },
    ],
  },
  'rest-not-read-after-return': {
    holds: [
      [...asks, stopped(RUN, 'return'), ...cancelled(1), over, atRest, close],
      [...asks, stopped(RUN, 'return'), answered(1), over, atRest, close],
      [...asks, stopped(RUN, 'return'), over, atRest, close, ...cancelled(1)],
      [...asks, stopped(RUN, 'abort'), over, atRest, answered(1), close],
    ],
    breaks: [
      {
        history: [...asks, stopped(RUN, 'return'), over, atRest, answered(1), close],
        says: 'the rest of request 1 was read after the consumer returned from run c0.t0',
      },
      {
        history: [...asks, stopped(RUN, 'return'), over, atRest, ...cancelled(1), close],
        says: 'the rest of request 1 was read',
      },
      {
        history: [...asks, stopped(RUN, 'return'), later(answered(1)), over, atRest, close],
        says: 'the rest of request 1 was read',
      },
    ],
  },
  'no-tool-outlives-its-run': {
    holds: [
      [...begun, cancellable('call_1'), stopped(RUN, 'abort'), callStopped, over, atRest, close],
      // Nothing says that the runtime can tell this tool.
      [...begun, toolStart(RUN, 'call_1'), stopped(RUN, 'abort'), over, atRest, close],
      [...begun, cancellable('call_1'), stopped(RUN, 'drop'), atRest, close],
      [...begun, cancellable('call_1'), failed(RUN), atRest, close],
    ],
    breaks: [
      {
        history: [...begun, cancellable('call_1'), stopped(RUN, 'abort'), over, atRest, close, callStopped],
        says: 'the tool get_weather is still on after run c0.t0 was aborted',
        cause: 'tool on after abort',
      },
      {
        history: [...begun, cancellable('call_1'), stopped(RUN, 'return'), over, atRest, close],
        says: 'the tool get_weather is still on after the consumer returned from run c0.t0',
      },
    ],
  },
}
