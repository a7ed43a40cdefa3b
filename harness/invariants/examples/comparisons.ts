import type { Outcome } from '../../contract/run-outcome.ts'
import { asked, ended, failed, hook, mode, said, stopped, update } from './events.ts'
import type { Compared } from './types.ts'

const RUN = 'c0.t0'
const input = 'hello there, agent'
const ID = 'resp_0123456789abcdef'
const OTHER_ID = 'resp_fedcba9876543210'

/** A run in which this much was seen, with telemetry on or off. */
const on = [
  mode('on'),
  said(RUN, input),
  asked(1, RUN),
  update(RUN, 'hi'),
  hook(RUN, 'result'),
  ended(RUN, 'completed'),
]
const off = [
  mode('off'),
  said(RUN, input),
  asked(1, RUN),
  hook(RUN, 'result'),
  update(RUN, 'hi'),
  ended(RUN, 'completed'),
]
const token = 'token was created in a different Context'

/** A run with one request that ends in this way. */
const plain = (status: Outcome['status'], text: string) => [
  said(RUN, input),
  asked(1, RUN),
  ended(RUN, status, { text }),
]

export const compared: Record<string, Compared> = {
  'telemetry-is-transparent': {
    holds: [
      { own: on, others: [off] },
      {
        own: [mode('on'), said(RUN, input), asked(1, RUN, [], { body: { previous_response_id: ID } })],
        others: [
          [mode('off'), said(RUN, input), asked(1, RUN, [], { body: { previous_response_id: OTHER_ID } })],
        ],
      },
      // How much a consumer that stops still gets is chance.
      {
        own: [
          mode('on'),
          said(RUN, input),
          asked(1, RUN),
          update(RUN, 'h'),
          stopped(RUN, 'abort'),
          ended(RUN, 'stopped'),
        ],
        others: [
          [mode('off'), said(RUN, input), asked(1, RUN), stopped(RUN, 'abort'), ended(RUN, 'stopped')],
        ],
      },
    ],
    breaks: [
      {
        histories: { own: [mode('on'), said(RUN, input), failed(RUN, { message: token })], others: [off] },
        says: 'run c0.t0: outcome 1 is {"error":{"message":"token was created',
      },
      {
        histories: {
          own: [mode('on'), said(RUN, input), asked(1, RUN), update(RUN, 'hi'), ended(RUN, 'completed')],
          others: [off],
        },
        says: 'run c0.t0: hook 1 is nothing with telemetry on, but {"name":"result"} with telemetry off',
      },
    ],
  },
  'streaming-is-transparent': {
    holds: [
      { own: [], others: [plain('completed', 'all of it'), plain('completed', 'all of it')] },
      // The text of an incomplete answer ends elsewhere if it was streamed.
      { own: [], others: [plain('incomplete', 'half'), plain('incomplete', 'half of it')] },
    ],
    breaks: [
      {
        histories: {
          own: plain('completed', ''),
          others: [plain('incomplete', 'half'), plain('failed', '')],
        },
        says: 'run c0.t0: the status is',
      },
      {
        histories: {
          own: plain('completed', ''),
          others: [plain('completed', 'all of it'), plain('completed', 'all')],
        },
        says: 'run c0.t0: the text is',
      },
    ],
  },
  'survives-broken-tracer': {
    holds: [{ own: on, others: [on] }],
    breaks: [
      {
        histories: {
          own: [
            mode('on', { sabotage: { part: 'span-start', does: 'throw', nth: 0 } }),
            said(RUN, input),
            failed(RUN, { message: 'conformance: span-start throws' }),
          ],
          others: [on],
        },
        says: 'with telemetry on and a broken span-start, but {"status":"completed"',
      },
    ],
  },
  'same-plan-same-history': {
    holds: [{ own: on, others: [on] }],
    breaks: [
      {
        histories: {
          own: on,
          others: [
            [
              mode('on'),
              said(RUN, input),
              asked(1, RUN),
              update(RUN, 'ho'),
              hook(RUN, 'result'),
              ended(RUN, 'completed'),
            ],
          ],
        },
        says: '"text":"hi"',
      },
    ],
  },
}
