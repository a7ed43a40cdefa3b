import type { JsonObject } from '../../../mocks/json.ts'
import type { History } from '../../contract/events.ts'
import {
  answered,
  asked,
  assistant,
  call,
  createCallOutput,
  ended,
  failed,
  hook,
  refusedWith,
  said,
  toolEnd,
  user,
} from './events.ts'
import { askedBy, handsTo } from './handoffs.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const NEXT = 'c0.t1'
const FIRST = 'canary-0.0.0-00000000 what is the weather?'
const SECOND = 'canary-0.1.0-00000000 and tomorrow, please?'
const LOOK = 'canary-0.0.1-00000000 let me look that up'
const ADVICE = 'canary-0.0.2-00000000 bring an umbrella'
const RAIN = 'it is raining in Oslo'
const begun = said(RUN, FIRST)
const next = said(NEXT, SECOND)
const done = ended(RUN, 'completed')

/** What the conversation has after its first turn. */
const items = [
  user(FIRST),
  assistant(LOOK),
  call('call_1', { city: 'Oslo' }),
  createCallOutput('call_1', RAIN),
  assistant(ADVICE),
]

/** The first turn: a call with a text before it, its result, and an answer. */
const turn: History = [
  begun,
  asked(1, RUN, items.slice(0, 1)),
  answered(1, items.slice(1, 3)),
  toolEnd(RUN, 'call_1', { result: RAIN }),
  asked(2, RUN, items.slice(0, 4)),
  answered(2, items.slice(4)),
  done,
]

/** The second turn with this context before its message. */
function goOn(context: readonly JsonObject[]): History {
  return [...turn, next, asked(3, NEXT, [...context, user(SECOND)])]
}

/** The second turn with another item at a place of its context. */
function replaceItem(place: number, ...by: JsonObject[]): History {
  return goOn(items.flatMap((item, at) => (at === place ? by : [item])))
}

/** A call of the agent `b` as a tool. Its answer is not what the model is told. */
function callAgent(...hooks: History): History {
  const called = call('call_1', { input: LOOK })
  return [
    ...[begun, asked(1, RUN, [user(FIRST)], { agent: 'a' }), answered(1, [called])],
    ...[asked(2, RUN, [user(LOOK)], { agent: 'b' }), answered(2, [assistant(ADVICE)]), ...hooks],
    asked(3, RUN, [user(FIRST), called, createCallOutput('call_1', 'Error: Function failed.')], {
      agent: 'a',
    }),
  ]
}

/** A message of two parts. */
function inParts(...texts: string[]): JsonObject {
  return {
    type: 'message',
    role: 'assistant',
    content: texts.map((text) => ({ type: 'output_text', text })),
  }
}

/** An answer in two parts, and the next turn with these messages for it. */
function answerInParts(...told: JsonObject[]): History {
  const answer = inParts(LOOK, ADVICE)
  return [
    begun,
    asked(1, RUN, [user(FIRST)]),
    answered(1, [answer]),
    done,
    next,
    asked(2, NEXT, [user(FIRST), ...told, user(SECOND)]),
  ]
}

/** A tool result, and the next request with this output for it. */
function giveResult(result: NonNullable<JsonObject[string]> | null, output: string): History {
  return [
    begun,
    asked(1, RUN, [user(FIRST)]),
    answered(1, [call('call_1')]),
    toolEnd(RUN, 'call_1', { result }),
    asked(2, RUN, [user(FIRST), call('call_1'), createCallOutput('call_1', output)]),
  ]
}

/** A hands to B, which sees this context. */
function handOver(...context: JsonObject[]): History {
  return [
    begun,
    askedBy('a', 1, [user(FIRST)]),
    answered(1, [assistant(LOOK), handsTo('b')]),
    askedBy('b', 2, context),
  ]
}

export const context: Record<string, Examples> = {
  'no-context-loss': {
    holds: [
      [begun, done, said('c1.t0', SECOND), asked(1, 'c1.t0', [user(SECOND)])],
      goOn(items),
      // A runtime may write each part as a message, or all as one.
      answerInParts(assistant(LOOK), assistant(ADVICE)),
      answerInParts(assistant(`${LOOK}\n${ADVICE}`)),
      // The answer of a failed run is not owed.
      [begun, failed(RUN), next, asked(1, NEXT, [user(SECOND)])],
      // An agent that is called as a tool sees its own context.
      [
        begun,
        asked(1, RUN, [user(FIRST)], { agent: 'a' }),
        asked(2, RUN, [user('{"value":"Oslo"}')], { agent: 'b' }),
      ],
      [
        begun,
        asked(1, RUN),
        { kind: 'request.refused', request: 1, rule: 'input-given', status: 400 },
        refusedWith(1, 400),
      ],
      // Of a text that was said twice, each has its place.
      [
        said(RUN, 'yes'),
        done,
        said(NEXT, 'yes'),
        asked(1, NEXT, [user('yes'), assistant('so?'), user('yes')]),
      ],
    ],
    breaks: [
      {
        history: [begun, done, next, asked(1, NEXT, [user(SECOND)])],
        says: `request 1 lacks the user message "${FIRST}"`,
      },
      {
        history: [begun, done, next, asked(1, NEXT, [user(SECOND), user(FIRST)])],
        says: `request 1 has the user message "${SECOND}" out of order`,
      },
      {
        history: [said(RUN, 'yes'), done, said(NEXT, 'yes'), asked(1, NEXT, [user('yes')])],
        says: 'request 1 lacks the user message "yes"',
      },
      { history: replaceItem(1), says: `request 3 lacks the answer "${LOOK}"` },
      { history: replaceItem(4), says: `request 3 lacks the answer "${ADVICE}"` },
      { history: goOn(items.toSpliced(2, 2)), says: 'request 3 lacks the call of get_weather (call_1)' },
      { history: replaceItem(3), says: 'request 3 lacks the call of get_weather (call_1) or its output' },
      {
        history: goOn([items[0], items[4], ...items.slice(1, 4)] as JsonObject[]),
        says: `request 3 has the answer "${ADVICE}" out of order`,
      },
      { history: answerInParts(assistant(LOOK)), says: `request 2 lacks the answer "${LOOK}` },
    ],
  },
  'no-altered-context': {
    holds: [
      goOn(items),
      // Arguments may be written in another way.
      replaceItem(2, { ...call('call_1'), arguments: '{ "city": "Oslo" }' }),
      giveResult({ degrees: 3, city: 'Rīga' }, '{"city":"Rīga","degrees":3}'),
      giveResult({ degrees: 3, fine: true }, "{'degrees': 3, 'fine': True}"),
      giveResult(null, 'None'),
      // No rule says how a runtime tells that a tool threw.
      [
        begun,
        asked(1, RUN),
        answered(1, [call('call_1')]),
        toolEnd(RUN, 'call_1', { error: 'the station does not answer' }),
        asked(2, RUN, [call('call_1'), createCallOutput('call_1', 'An error occurred.')]),
      ],
      // The hook of an agent that runs as a tool threw after its answer.
      callAgent(hook(RUN, 'after_run', { agent: 'b', threw: true })),
      // After a handoff, the conversation may be retold.
      handOver(user(`For context, the user said: ${FIRST}`), user(`a said: ${LOOK}`)),
      // Of an incomplete answer, any beginning may be kept.
      [
        begun,
        asked(1, RUN),
        answered(1, [assistant(LOOK)], { how: 'incomplete' }),
        ended(RUN, 'incomplete'),
        next,
        asked(2, NEXT, [user(FIRST), assistant(LOOK.slice(0, 30)), user(SECOND)]),
      ],
    ],
    breaks: [
      {
        history: callAgent(),
        says: 'request 3 has the output "Error: Function failed."',
        cause: 'result altered',
      },
      {
        history: replaceItem(0, user(FIRST.slice(0, 30))),
        says: `request 3 has the user message "${FIRST.slice(0, 30)}", expected "${FIRST}"`,
      },
      {
        history: replaceItem(0, assistant(FIRST)),
        says: 'has the user message in the role assistant, expected user',
      },
      {
        history: replaceItem(4, assistant(JSON.stringify(ADVICE))),
        says: `has the answer ${JSON.stringify(JSON.stringify(ADVICE))}, expected "${ADVICE}"`,
      },
      {
        history: replaceItem(2, { ...call('call_1', { city: 'Rome' }) }),
        says: 'has the call call_1 as get_weather("{\\"city\\":\\"Rome\\"}"), expected get_weather(',
      },
      {
        history: replaceItem(2, call('call_1', { city: 'Oslo' }, { name: 'find_city' })),
        says: 'has the call call_1 as find_city(',
      },
      {
        history: giveResult(RAIN, RAIN.slice(0, 9)),
        says: `request 2 has the output "it is rai" for get_weather (call_1), expected "${RAIN}"`,
      },
      {
        history: giveResult(RAIN, JSON.stringify(RAIN)),
        says: 'has the output "\\"it is raining in Oslo\\""',
      },
      { history: giveResult({ degrees: 3 }, '[object Object]'), says: 'has the output "[object Object]"' },
      {
        history: handOver(user(FIRST), user(`a said: ${LOOK.slice(0, 30)}`)),
        says: 'has the answer "a said: ',
      },
    ],
  },
  'no-foreign-context': {
    holds: [
      [asked(1, RUN, [], { carries: [0] }), asked(2, 'c1.t0', [], { carries: [1] })],
      [asked(1, RUN, [], { run: null, carries: [0, 1] })],
      [begun, said('c1.t0', SECOND), asked(1, RUN, [], { carries: [0] })],
    ],
    breaks: [
      {
        history: [asked(1, RUN, [], { carries: [0, 1] })],
        says: 'request 1 of run c0.t0 contains texts of conversation 1',
      },
    ],
  },
}
