import type { JsonObject } from '../../../mocks/json.ts'
import type { HistoryEvent } from '../../contract/events.ts'
import {
  answered,
  asked,
  assistant,
  call,
  cut,
  ended,
  failed,
  said,
  sent,
  stopped,
  update,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = said(RUN, 'hello there, agent')
const text: JsonObject = { ...assistant('it rains'), id: 'msg_1' }
const called: JsonObject = { ...call('call_1'), id: 'fc_1' }
const done = ended(RUN, 'completed', { text: 'it rains' })

function deliverItem(id: string): HistoryEvent {
  return { kind: 'update', run: RUN, update: { kind: 'item', type: 'an item', id } }
}

/** A run with a call, then a text, which delivers these items. */
function deliver(...ids: string[]): HistoryEvent[] {
  return [
    ...[begun, asked(1, RUN), answered(1, [called]), asked(2, RUN), answered(2, [text])],
    ...[update(RUN, 'it rains'), ...ids.map(deliverItem), done],
  ]
}

export const itemDelivery: Record<string, Examples> = {
  'items-are-delivered': {
    holds: [
      deliver('fc_1', 'msg_1'),
      // The order is the runtime's.
      deliver('msg_1', 'fc_1'),
      // Reasoning is the runtime's own business.
      [
        ...[begun, asked(1, RUN), answered(1, [{ type: 'reasoning', id: 'rs_1' }, text])],
        ...[update(RUN, 'it rains'), deliverItem('msg_1'), done],
      ],
      // A runtime may leave out a handoff that it does not follow.
      [
        begun,
        asked(1, RUN, [], { agent: 'a', handoffs: { to_b: 'b' } }),
        answered(1, [text, { ...called, name: 'to_b' }]),
        ...[deliverItem('msg_1'), done],
      ],
      // The consumer asked for the outcome alone.
      { history: [begun, asked(1, RUN), answered(1, [text]), done], unexercised: true },
      // The consumer left, the run failed, and the answer was cut or incomplete.
      {
        history: [
          ...[begun, asked(1, RUN), update(RUN, 'it'), stopped(RUN, 'return'), answered(1, [text]), done],
        ],
        unexercised: true,
      },
      {
        history: [begun, asked(1, RUN), update(RUN, 'it rains'), answered(1, [text]), failed(RUN)],
        unexercised: true,
      },
      {
        history: [
          ...[begun, asked(1, RUN), update(RUN, 'it'), cut(1), asked(2, RUN)],
          ...[answered(2, [text], { how: 'incomplete' }), ended(RUN, 'incomplete')],
        ],
        unexercised: true,
      },
      // The client took the garbage for the end of the answer.
      {
        history: [
          ...[begun, asked(1, RUN), update(RUN, 'it'), sent(1, 'garbage'), answered(1, [text]), done],
        ],
        unexercised: true,
      },
      // Of an agent called as a tool the items may be delivered or not.
      [
        ...[begun, asked(1, RUN, [], { agent: 'a' }), answered(1, [called])],
        ...[asked(2, RUN, [], { agent: 'b' }), answered(2, [{ ...text, id: 'msg_2' }])],
        ...[asked(3, RUN, [], { agent: 'a' }), answered(3, [text])],
        ...[deliverItem('fc_1'), deliverItem('msg_1'), done],
      ],
    ],
    breaks: [
      {
        history: deliver('msg_1'),
        says: 'run c0.t0 completed, but did not deliver the function_call fc_1',
        cause: 'function_call not delivered',
      },
      {
        history: deliver('fc_1'),
        says: 'run c0.t0 completed, but did not deliver the message msg_1',
        cause: 'message not delivered',
      },
    ],
  },
}
