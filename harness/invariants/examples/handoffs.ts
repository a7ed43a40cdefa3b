import type { JsonObject } from '../../../mocks/json.ts'
import type { History, HistoryEvent } from '../../contract/events.ts'
import {
  answered,
  asked,
  assistant,
  call,
  createCallOutput,
  ended,
  failed,
  said,
  stopped,
  toolEnd,
  user,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const NEXT = 'c0.t1'
const FIRST = 'canary-0.0.0-00000000 research frameworks'
const SECOND = 'canary-0.1.0-00000000 and now?'
const ONE = 'canary-0.0.1-00000000 I leave it to another'
const TWO = 'canary-0.0.2-00000000 there are many'
const FOREIGN = 'canary-1.0.0-00000000 of another'
const begun = said(RUN, FIRST)

/** A hands to B or C, and B back to A. */
const OFFERS: Record<string, Record<string, string>> = {
  a: { handoff_to_b: 'b', handoff_to_c: 'c' },
  b: { handoff_to_a: 'a' },
  c: {},
}

export function askedBy(
  agent: string,
  request: number,
  context: JsonObject[] = [user(FIRST)],
  run = RUN,
): HistoryEvent {
  return asked(request, run, context, { agent, handoffs: OFFERS[agent] ?? {} })
}

export function handsTo(agent: string, id = `call_to_${agent}`): JsonObject {
  return call(id, {}, { name: `handoff_to_${agent}` })
}

export function told(from: string, to: string): HistoryEvent {
  return { kind: 'handoff', run: RUN, from, to }
}

/** A says something and hands to B, who says something. */
const handed: History = [
  begun,
  askedBy('a', 1),
  answered(1, [assistant(ONE), handsTo('b')]),
  told('a', 'b'),
  askedBy('b', 2, [user(FIRST), assistant(ONE)]),
  answered(2, [assistant(TWO)]),
]
/** A says two things in one answer. */
const twice: History = [begun, askedBy('a', 1), answered(1, [assistant(ONE), assistant(TWO)])]
const done = ended(RUN, 'completed', { text: TWO })

function flow(
  turnLimits: Record<string, number>,
  endAfter?: { agent: string; messages: number },
): HistoryEvent {
  return said(RUN, FIRST, { flow: { turnLimits, ...(endAfter ? { endAfter } : {}) } })
}

/** A run's end with a transcript, each message as `author text`. */
function transcript(...messages: [string, string][]): HistoryEvent {
  return ended(RUN, 'completed', { transcript: messages.map(([author, text]) => ({ author, text })) })
}

export const handoffs: Record<string, Examples> = {
  'handoff-reaches-its-target': {
    holds: [
      [...handed, done],
      // Two handoffs in one answer: either may win.
      [begun, askedBy('a', 1), answered(1, [handsTo('b'), handsTo('c')]), told('a', 'c'), askedBy('c', 2)],
      // A tool beside the handoff, and an agent as a tool that asks in between.
      [
        begun,
        askedBy('a', 1),
        answered(1, [call('call_1'), handsTo('b')]),
        asked(2, RUN, [], { agent: 'atlas' }),
        told('a', 'b'),
        askedBy('b', 3),
      ],
      [begun, askedBy('a', 1), answered(1, [handsTo('b')]), told('a', 'b'), failed(RUN)],
      [begun, askedBy('a', 1), answered(1, [handsTo('b')]), stopped(RUN, 'abort'), ended(RUN, 'stopped')],
      [begun, askedBy('a', 1), answered(1, [handsTo('b')], { how: 'incomplete' }), ended(RUN, 'incomplete')],
      // The condition came true with the answer that hands off.
      [
        flow({}, { agent: 'a', messages: 1 }),
        askedBy('a', 1),
        answered(1, [assistant(ONE), handsTo('b')]),
        told('a', 'b'),
        ended(RUN, 'completed'),
      ],
    ],
    breaks: [
      {
        history: [begun, askedBy('a', 1), answered(1, [handsTo('b')]), told('a', 'b'), askedBy('c', 2)],
        says: 'request 2 comes from c, expected b after the handoff',
      },
      {
        history: [begun, askedBy('a', 1), answered(1, [handsTo('b')]), told('a', 'b'), askedBy('a', 2)],
        says: 'request 2 comes from a, expected b after the handoff',
      },
      {
        history: [begun, askedBy('a', 1), answered(1, [call('call_1')]), askedBy('b', 2)],
        says: 'request 2 comes from b, but nobody handed off to b',
      },
      {
        history: [
          begun,
          askedBy('a', 1),
          answered(1, [handsTo('b')]),
          told('a', 'b'),
          ended(RUN, 'completed'),
        ],
        says: 'run c0.t0 completed, but b sent no request after the handoff',
      },
      {
        history: [begun, askedBy('a', 1), answered(1, [handsTo('b')]), askedBy('b', 2)],
        says: 'the runtime did not report the handoff to b',
      },
      {
        history: [begun, askedBy('a', 1), answered(1, [assistant(ONE)]), told('a', 'b'), done],
        says: 'the runtime reported a handoff from a to b, but a made none',
      },
    ],
  },
  'handoffs-end': {
    holds: [
      [...handed, done],
      // Two turns of A, then its second activation.
      [
        flow({ a: 2, b: 1 }),
        askedBy('a', 1),
        answered(1, [assistant(ONE)]),
        askedBy('a', 2),
        answered(2, [handsTo('b')]),
        askedBy('b', 3),
        answered(3, [handsTo('a')]),
        askedBy('a', 4),
        answered(4, [assistant(TWO)]),
      ],
      // Without a limit, an agent has one turn. The end condition ends a run before the limit.
      [flow({}), askedBy('a', 1), answered(1, [assistant(ONE)]), done],
      [flow({ a: 3 }, { agent: 'a', messages: 1 }), askedBy('a', 1), answered(1, [assistant(ONE)]), done],
      // A tool loop is one turn.
      [
        flow({ a: 1 }, { agent: 'a', messages: 2 }),
        askedBy('a', 1),
        answered(1, [assistant(ONE), call('call_1')]),
        askedBy('a', 2),
        answered(2, [assistant(TWO)]),
      ],
    ],
    breaks: [
      {
        history: [flow({ a: 1 }), askedBy('a', 1), answered(1, [assistant(ONE)]), askedBy('a', 2)],
        says: 'request 2 begins turn 2 of a in one activation, expected at most 1',
      },
      {
        history: [
          flow({}, { agent: 'a', messages: 1 }),
          askedBy('a', 1),
          answered(1, [assistant(ONE), handsTo('b')]),
          told('a', 'b'),
          askedBy('b', 2),
        ],
        says: 'request 2 of b was sent after a had said 1 message, expected the workflow to end there',
      },
      {
        history: [flow({ a: 2 }), askedBy('a', 1), answered(1, [assistant(ONE)]), done],
        says: 'run c0.t0 completed after turn 1 of a, expected 2 turns or the end condition',
      },
    ],
  },
  'handoff-keeps-context': {
    holds: [
      [...handed, done],
      // B is told in words.
      [
        begun,
        askedBy('a', 1),
        answered(1, [call('call_1'), handsTo('b')]),
        toolEnd(RUN, 'call_1', { result: 'rain in Paris' }),
        askedBy('b', 2, [user('user: canary; get_weather said rain in Paris')]),
      ],
      // An own call that is lost is another promise's matter.
      [begun, askedBy('a', 1), answered(1, [assistant(ONE)]), askedBy('a', 2)],
    ],
    breaks: [
      {
        history: [begun, askedBy('a', 1), answered(1, [assistant(ONE), handsTo('b')]), askedBy('b', 2)],
        says: `request 2 lacks the answer "${ONE}"`,
      },
      {
        history: [
          begun,
          askedBy('a', 1),
          answered(1, [call('call_1')]),
          toolEnd(RUN, 'call_1', { result: 'rain in Paris' }),
          askedBy('a', 2, [user(FIRST), call('call_1'), createCallOutput('call_1', 'rain in Paris')]),
          answered(2, [handsTo('b')]),
          askedBy('b', 3),
        ],
        says: 'request 3 lacks the result of get_weather (call_1)',
      },
    ],
  },
  'transcript-complete': {
    holds: [
      [...handed, transcript(['user', FIRST], ['a', ONE], ['b', TWO])],
      [...handed, done],
      [...twice, transcript(['user', FIRST], ['a', ONE], ['a', TWO])],
      ...['', ' '].map((between) => [...twice, transcript(['user', FIRST], ['a', `${ONE}${between}${TWO}`])]),
      // The run alone, or the whole conversation.
      ...[true, false].map(
        (whole): History => [
          ...handed,
          done,
          said(NEXT, SECOND),
          askedBy('b', 3, [user(FIRST), user(SECOND)], NEXT),
          answered(3, []),
          ended(NEXT, 'completed', {
            transcript: [
              ...(whole
                ? [
                    { author: 'user', text: FIRST },
                    { author: 'a', text: ONE },
                    { author: 'b', text: TWO },
                  ]
                : []),
              { author: 'user', text: SECOND },
            ],
          }),
        ],
      ),
      // Of an earlier turn that did not complete, messages may be kept.
      [
        ...handed,
        ended(RUN, 'incomplete'),
        said(NEXT, SECOND),
        askedBy('b', 3, [user(FIRST), user(SECOND)], NEXT),
        answered(3, []),
        ended(NEXT, 'completed', {
          transcript: [
            { author: 'user', text: FIRST },
            { author: 'a', text: ONE },
            { author: 'user', text: SECOND },
          ],
        }),
      ],
      // What nobody knows by a mark may stand anywhere.
      [...handed, transcript(['user', FIRST], ['a', ONE], ['b', 'OK.'], ['b', TWO])],
    ],
    breaks: [
      {
        history: [...handed, transcript(['user', FIRST], ['b', TWO], ['a', ONE])],
        says: `message 2 of the transcript of run c0.t0 is b: "${TWO}", expected a: "${ONE}"`,
      },
      { history: [...handed, transcript(['user', FIRST], ['a', ONE])], says: 'is missing, expected b' },
      { history: [...twice, transcript(['user', FIRST], ['a', ONE])], says: 'message 3' },
      {
        history: [...handed, transcript(['user', FIRST], ['a', ONE], ['nobody', 'Go on.'], ['b', TWO])],
        says: 'message 3 of the transcript of run c0.t0 has the author "nobody", expected the user or an agent of the team',
        cause: 'unknown author',
      },
      {
        history: [...handed, transcript(['user', FIRST], ['a', ONE], ['a', ONE], ['b', TWO])],
        says: 'message 3 of the transcript of run c0.t0 is a',
      },
      {
        history: [...handed, transcript(['user', FIRST], ['a', ONE], ['a', TWO])],
        says: 'expected b',
      },
      {
        history: [...handed, transcript(['user', FIRST], ['a', ONE], ['b', TWO], ['b', FOREIGN])],
        says: 'message 4 of the transcript of run c0.t0 is b: "canary-1.0.0-00000000 of another"',
      },
    ],
  },
}
