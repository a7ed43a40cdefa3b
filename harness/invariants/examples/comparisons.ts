import type { Outcome } from '../../contract/run-outcome.ts'
import {
  answered,
  asked,
  call,
  createCallOutput,
  ended,
  failed,
  hook,
  mode,
  said,
  stopped,
  toolEnd,
  toolStart,
  update,
} from './events.ts'
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

/** A run with two parallel calls, whose tools start and are answered in this order. */
const runCalls = (to: 'on' | 'off', order: string[]) => {
  const calls = [call('call_1', { city: 'Oslo' }), call('call_2', { city: 'Rome' })]
  const outputs = order.map((id) => createCallOutput(id, `result of ${id}`))
  return [
    mode(to),
    said(RUN, input),
    asked(1, RUN),
    answered(1, calls),
    ...order.map((id) => toolStart(RUN, id)),
    ...order.map((id) => toolEnd(RUN, id, { result: `result of ${id}` })),
    asked(2, RUN, [...calls, ...outputs], { body: { input: [...calls, ...outputs] } }),
    ended(RUN, 'completed'),
  ]
}

/** A run with a request in which the model is told this output. */
const tellModel = (to: 'on' | 'off', output: string) => [
  mode(to),
  said(RUN, input),
  asked(1, RUN, [], { body: { input: [createCallOutput('call_1', output)] } }),
  ended(RUN, 'completed'),
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
      // Parallel calls may start and be answered in any order.
      { own: runCalls('on', ['call_1', 'call_2']), others: [runCalls('off', ['call_2', 'call_1'])] },
      // A runtime may tell the model a stack, whose frames name files of the harness.
      {
        own: tellModel('on', 'Error: no\n    at tool (a.ts:1:2)\n    at async Promise.all (index 0)'),
        others: [tellModel('off', 'Error: no\n    at tool (b.ts:3:4)')],
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
