import type { HistoryEvent } from '../../contract/events.ts'
import {
  answered,
  asked,
  call,
  createCallOutput,
  cut,
  ended,
  failed,
  refusedWith,
  said,
  stopped,
  user,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const NEXT = 'c0.t1'
const FIRST = 'what is the weather?'
const SECOND = 'and tomorrow, please?'
const begun = said(RUN, FIRST)
const next = said(NEXT, SECOND)
const done = ended(RUN, 'completed')

function refused(request: number, rule: string): HistoryEvent[] {
  return [{ kind: 'request.refused', request, rule, status: 400 }, refusedWith(request, 400)]
}

export const continuing: Record<string, Examples> = {
  'no-stale-previous-response-id': {
    holds: [
      [asked(1, RUN), answered(1), asked(2, NEXT, [], { body: { previous_response_id: 'resp_1' } })],
      [
        asked(1, RUN),
        answered(1, [call('call_1')]),
        asked(2, RUN, [call('call_1'), createCallOutput('call_1', 'x')], {
          body: { previous_response_id: 'resp_1' },
        }),
      ],
      [
        asked(1, RUN),
        answered(1, [], { how: 'incomplete' }),
        asked(2, NEXT, [], { body: { previous_response_id: 'resp_1' } }),
      ],
      // What was cut, the service has or not: it was not refused.
      [asked(1, RUN), cut(1), asked(2, NEXT, [], { body: { previous_response_id: 'resp_1' } })],
    ],
    breaks: [
      {
        history: [
          asked(1, RUN, [], { body: { previous_response_id: 'resp_9' } }),
          ...refused(1, 'previous-response-not-found'),
        ],
        says: 'request 1 names resp_9: the service does not have this response',
      },
      {
        history: [
          asked(1, RUN),
          answered(1),
          asked(2, 'c1.t0', [], { body: { previous_response_id: 'resp_1' } }),
        ],
        says: 'request 2 names resp_1: the response belongs to another conversation',
      },
      {
        history: [
          asked(1, RUN),
          answered(1, [call('call_1')]),
          asked(2, NEXT, [call('call_1'), user(SECOND)], { body: { previous_response_id: 'resp_1' } }),
        ],
        says: 'request 2 names resp_1: the request has no output for the call call_1 of the response',
      },
      {
        history: [
          asked(1, RUN),
          answered(1, [], { how: 'failed' }),
          asked(2, NEXT, [], { body: { previous_response_id: 'resp_1' } }),
        ],
        says: 'request 2 names resp_1: the response failed and cannot be continued',
      },
      {
        history: [
          asked(1, RUN),
          answered(1, [], { stored: false }),
          asked(2, NEXT, [], { body: { previous_response_id: 'resp_1' } }),
        ],
        says: 'request 2 names resp_1: the response was not stored',
      },
    ],
  },
  'next-turn-accepted': {
    holds: [
      [begun, asked(1, RUN), refusedWith(1, 500), failed(RUN)],
      // The runtime mended its request.
      [begun, asked(1, RUN), ...refused(1, 'conversation-locked'), asked(2, RUN), answered(2), done],
    ],
    breaks: [
      {
        history: [
          begun,
          asked(1, RUN),
          stopped(RUN, 'abort'),
          ended(RUN, 'stopped'),
          next,
          asked(2, NEXT),
          ...refused(2, 'calls-answered'),
          failed(NEXT, { status: 400 }),
        ],
        says: 'request 2 of run c0.t1 was refused with 400 (rule calls-answered)',
      },
    ],
  },
  'matches-recording': {
    holds: [
      // No request of the recording is comparable, so nothing was compared.
      { history: [said(RUN, 'hi'), asked(1, RUN, [user(FIRST)]), done], unexercised: true },
      [
        asked(
          1,
          RUN,
          [
            user(FIRST),
            call('call_a', { city: 'Oslo', day: 1 }),
            createCallOutput('call_a', '{"rain": true}'),
          ],
          {
            recorded: {
              tools: [],
              context: [
                { role: 'developer', content: 'Be brief.' },
                user(FIRST),
                { type: 'reasoning', id: 'rs_1' },
                call('call_b', { day: 1, city: 'Oslo' }),
                createCallOutput('call_b', '{"rain":true}'),
              ],
            },
          },
        ),
      ],
    ],
    breaks: [
      {
        history: [
          asked(1, NEXT, [user(SECOND)], { recorded: { tools: [], context: [user(FIRST), user(SECOND)] } }),
        ],
        says: 'request 1: item 1 is {"role":"user","text":"and tomorrow, please?"}, expected {"role":"user","text":"what is the weather?"} as in the recording',
      },
      {
        history: [
          asked(1, RUN, [user(FIRST)], { recorded: { tools: [], context: [user(FIRST), user(SECOND)] } }),
        ],
        says: 'item 2 of the recording is missing',
      },
      {
        history: [
          asked(1, RUN, [], {
            body: { tools: [{ type: 'function', name: 'get_weather', parameters: {} }] },
            recorded: { context: [], tools: [{ type: 'function', name: 'get_time', parameters: {} }] },
          }),
        ],
        says: 'tool 1 is',
      },
    ],
  },
}
