import type { HistoryEvent } from '../../contract/events.ts'
import { answered, asked, assistant, call, cut, delta, ended, failed, said, sent, update } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [said(RUN, 'hello there, agent')]
const rain = ended(RUN, 'completed', { text: 'it rains' })

const twoAnswers = [
  ...begun,
  asked(1, RUN),
  answered(1, [call('call_1')]),
  asked(2, RUN),
  answered(2, [assistant('it rains')]),
]

function deliverItem(id: string): HistoryEvent {
  return { kind: 'update', run: RUN, update: { kind: 'item', type: 'message', id } }
}

/** The service sends a text in pieces. The run delivers the pieces, and then the text once more. */
function tellTwice(request: number, pieces: readonly string[]): HistoryEvent[] {
  return [
    ...pieces.flatMap((piece) => [delta(request, piece), update(RUN, piece)]),
    sent(request, 'response.output_text.done'),
    update(RUN, pieces.join('')),
  ]
}

export const delivery: Record<string, Examples> = {
  'delivery-is-faithful': {
    holds: [
      [
        ...begun,
        asked(1, RUN),
        delta(1, 'it '),
        update(RUN, 'it '),
        delta(1, 'rains'),
        answered(1, [assistant('it rains')]),
        update(RUN, 'rains'),
        rain,
      ],
      // An attempt was cut, and the next one delivers what was not delivered before.
      [
        ...begun,
        asked(1, RUN),
        delta(1, 'it '),
        update(RUN, 'it '),
        cut(1),
        asked(2, RUN, [], { attempt: 1 }),
        delta(2, 'it rains'),
        answered(2, [assistant('it rains')]),
        update(RUN, 'rains'),
        rain,
      ],
      [...begun, asked(1, RUN), delta(1, 'it '), delta(1, 'rains'), update(RUN, 'it '), cut(1), failed(RUN)],
      // The consumer asked for the outcome alone.
      [...begun, asked(1, RUN), delta(1, 'it rains'), answered(1, [assistant('it rains')]), rain],
      [...twoAnswers, ended(RUN, 'completed', { text: 'it rains', usage: { input: 30, output: 3 } })],
      // Of an agent called as a tool the texts may be delivered or not.
      [
        ...begun,
        asked(1, RUN, [], { agent: 'a' }),
        asked(2, RUN, [], { agent: 'b' }),
        delta(2, 'at last: '),
        answered(2, [assistant('at last: ')]),
        update(RUN, 'at last: '),
        delta(1, 'it rains'),
        answered(1, [assistant('it rains')]),
        update(RUN, 'it rains'),
        rain,
      ],
      // An incomplete answer keeps its text, and counts.
      [
        ...begun,
        asked(1, RUN),
        delta(1, 'it '),
        update(RUN, 'it '),
        answered(1, [assistant('it ')], { how: 'incomplete' }),
        ended(RUN, 'incomplete', { text: 'it ', usage: { input: 10, output: 1 } }),
      ],
      [
        ...begun,
        asked(1, RUN, [], { agent: 'a' }),
        answered(1, [assistant('it rains')]),
        ended(RUN, 'completed', { text: 'it rains', agent: 'a' }),
      ],
      // The agent b was cut off before it said anything.
      [
        ...begun,
        ...[asked(1, RUN, [], { agent: 'a', handoffs: { to_b: 'b' } }), answered(1, [])],
        ...[asked(2, RUN, [], { agent: 'b', handoffs: {} }), cut(2)],
        ended(RUN, 'completed', { agent: 'a' }),
      ],
    ],
    breaks: [
      // Each whole text comes again after its pieces. Two equal texts in a row are no repetition.
      {
        history: [
          ...begun,
          asked(1, RUN),
          ...tellTwice(1, ['it ', 'rains']),
          answered(1, [assistant('it rains')]),
          asked(2, RUN),
          ...tellTwice(2, ['it rains']),
          answered(2, [assistant('it rains')]),
          rain,
        ],
        says: 'run c0.t0 delivered "it rains" again after its pieces, expected each text once',
      },
      {
        history: [
          ...begun,
          ...[asked(1, RUN, [], { agent: 'a', handoffs: { to_b: 'b' } }), answered(1, [])],
          ...[asked(2, RUN, [], { agent: 'b', handoffs: {} }), answered(2, [])],
          ended(RUN, 'completed', { agent: 'a' }),
        ],
        says: 'the outcome of run c0.t0 names the agent a, expected b',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          answered(1, [assistant('it ')], { how: 'incomplete' }),
          ended(RUN, 'incomplete', { text: '' }),
        ],
        says: 'the outcome of run c0.t0 has the text "", expected the last answer "it "',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          answered(1, [assistant('it ')], { how: 'incomplete' }),
          ended(RUN, 'incomplete', { text: 'it ', usage: { input: 0, output: 0 } }),
        ],
        says: 'the outcome of run c0.t0 reports 0 + 0 tokens, expected 10 + 1',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          delta(1, 'it '),
          delta(1, 'ra'),
          update(RUN, 'it '),
          answered(1, [assistant('it ra')], { how: 'incomplete' }),
          ended(RUN, 'incomplete', { text: 'it ra' }),
        ],
        says: 'run c0.t0 ended incomplete and delivered "it ", expected all that the model said: "it ra"',
      },
      {
        history: [
          ...begun,
          asked(1, RUN, [], { agent: 'a' }),
          answered(1, [assistant('it rains')]),
          ended(RUN, 'completed', { text: 'it rains', agent: 'b' }),
        ],
        says: 'the outcome of run c0.t0 names the agent b, expected a',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          deliverItem('msg_1'),
          deliverItem('msg_1'),
          answered(1, [assistant('it rains')]),
          rain,
        ],
        says: 'run c0.t0 delivered the item message msg_1 twice',
      },
      {
        history: [
          ...twoAnswers,
          ended(RUN, 'completed', { text: 'it rains', usage: { input: 20, output: 2 } }),
        ],
        says: 'the outcome of run c0.t0 reports 20 + 2 tokens, expected 30 + 3 as its answers used',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          delta(1, 'it '),
          update(RUN, 'it '),
          cut(1),
          asked(2, RUN, [], { attempt: 1 }),
          delta(2, 'it rains'),
          answered(2, [assistant('it rains')]),
          update(RUN, 'it rains'),
          rain,
        ],
        says: 'run c0.t0 delivered "it it rains" from character 0 on, expected "it rains" as the model said',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          delta(1, 'it '),
          delta(1, 'rains'),
          answered(1, [assistant('it rains')]),
          update(RUN, 'it '),
          rain,
        ],
        says: 'run c0.t0 completed and delivered "it ", expected all that the model said: "it rains"',
      },
      {
        history: [
          ...begun,
          asked(1, RUN),
          answered(1, [assistant('it rains')]),
          ended(RUN, 'completed', { text: 'it' }),
        ],
        says: 'the outcome of run c0.t0 has the text "it", expected the last answer "it rains"',
      },
    ],
  },
}
