import type { HistoryEvent } from '../../contract/events.ts'
import { answered, asked, assistant, call, ended, failed, said, stopped } from './events.ts'
import { planned } from './plans.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const one = planned({ limit: 1 })
const two = planned({ limit: 2 })
const begun = said(RUN, 'hi')
const calls = [begun, asked(1, RUN), answered(1, [call('call_1')])]
const text = assistant('It rains.')

/** A request for an answer that was asked for before. */
function askedAgain(request: number): HistoryEvent {
  return asked(request, RUN, [], { attempt: 1 })
}

export const limits: Record<string, Examples> = {
  'limit-ends-the-run': {
    holds: [
      { history: [...calls, failed(RUN)], plan: one },
      { history: [begun, asked(1, RUN), answered(1, [text]), ended(RUN, 'completed')], plan: one },
      { history: [...calls, asked(2, RUN), answered(2, [text]), ended(RUN, 'completed')], plan: two },
      // A second attempt is no second answer.
      {
        history: [begun, asked(1, RUN), askedAgain(2), answered(2, [text]), ended(RUN, 'completed')],
        plan: one,
      },
      { history: [...calls, stopped(RUN, 'abort'), ended(RUN, 'stopped')], plan: one },
      // The agent that was called as a tool has a limit of its own.
      {
        history: [
          ...[begun, asked(1, RUN, [], { agent: 'a' }), answered(1, [call('call_1')])],
          ...[asked(2, RUN, [], { agent: 'b' }), answered(2, [text]), failed(RUN)],
        ],
        plan: one,
      },
      {
        history: [...calls, asked(2, RUN), answered(2), ended(RUN, 'completed')],
        plan: planned(),
        unexercised: true,
      },
    ],
    breaks: [
      {
        history: [...calls, asked(2, RUN), answered(2, [text]), ended(RUN, 'completed')],
        plan: one,
        says: 'run c0.t0 asked for answer 2 with request 2, but its limit is 1',
        cause: 'answer beyond the limit',
      },
      {
        history: [...calls, ended(RUN, 'completed')],
        plan: one,
        says: 'run c0.t0 completed, but answer 1, the last within its limit, calls tools',
        cause: 'run completed at the limit',
      },
    ],
  },
}
