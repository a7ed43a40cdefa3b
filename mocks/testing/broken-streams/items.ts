import type { JsonObject } from '../../json.ts'
import { functionCall, imageGeneration, mcpListTools, webSearch } from '../streamed-items.ts'
import { buildStream } from '../streams.ts'
import { type BrokenStream, edit, editItem, later, STANDARD, twice, without } from './edits.ts'

const added = 'response.output_item.added'
const done = 'response.output_item.done'
const args = 'response.function_call_arguments'

const IMAGE = buildStream({ items: [imageGeneration('ig_1', 3), webSearch('ws_1')] })

const item = (
  how: string,
  rule: string,
  type: string,
  nth: number,
  change: (item: JsonObject) => void,
): BrokenStream => ({ rule, how, events: editItem(STANDARD, type, change, nth) })

/** One broken stream for each rule of items, of their own texts and of calls. */
export const brokenItems: readonly BrokenStream[] = [
  item('an item without a type', 'item-shape', added, 1, (held) => {
    delete held['type']
  }),
  {
    rule: 'output-index-counts',
    how: 'an index left out',
    events: edit(STANDARD, added, (data) => {
      data['output_index'] = 5
    }),
  },
  { rule: 'items-not-interleaved', how: 'done after the next is added', events: later(STANDARD, done, 1) },
  {
    rule: 'items-not-interleaved',
    how: 'a list of tools left open by another item',
    events: without(buildStream({ items: [mcpListTools('mcpl_1'), webSearch('ws_1')] }), done),
  },
  { rule: 'item-events-inside', how: 'done twice', events: twice(STANDARD, done) },
  { rule: 'item-events-inside', how: 'a delta before its item', events: later(STANDARD, added, 1, 2) },
  {
    rule: 'item-id-constant',
    how: 'a delta with another item_id',
    events: edit(STANDARD, `${args}.delta`, (data) => {
      data['item_id'] = 'fc_2'
    }),
  },
  item('another id in done', 'item-id-constant', done, 2, (held) => {
    held['id'] = 'fc_2'
  }),
  {
    rule: 'item-ids-unique',
    how: 'two items with one id',
    events: buildStream({ items: [functionCall('fc_1', 'a', '{}'), functionCall('fc_1', 'b', '{}')] }),
  },
  item('another type in done', 'item-type-constant', done, 2, (held) => {
    held['type'] = 'custom_tool_call'
  }),
  item('another call_id in done', 'item-fields-kept', done, 2, (held) => {
    held['call_id'] = 'call_other'
  }),
  item('a call added without status', 'item-added-status', added, 2, (held) => {
    delete held['status']
  }),
  item('a call still in progress when done', 'item-done-status', done, 2, (held) => {
    held['status'] = 'in_progress'
  }),
  item('a call added with arguments', 'item-starts-empty', added, 2, (held) => {
    held['arguments'] = '{'
  }),
  {
    rule: 'event-fits-item',
    how: "a call's delta in a message",
    events: edit(STANDARD, 'response.output_text.delta', (data) => {
      data['type'] = `${args}.delta`
    }).map(({ data }) => ({ data })),
  },
  {
    rule: 'item-events-ordered',
    how: 'a delta after done',
    events: later(twice(STANDARD, `${args}.delta`, 3), `${args}.delta`, 1, 4),
  },
  { rule: 'item-events-ordered', how: 'done twice', events: twice(STANDARD, `${args}.done`) },
  {
    rule: 'item-events-ordered',
    how: 'searching before in_progress',
    events: later(IMAGE, 'response.web_search_call.in_progress', 1),
  },
  { rule: 'item-events-whole', how: 'arguments never done', events: without(STANDARD, `${args}.done`) },
  {
    rule: 'partial-image-index-counts',
    how: 'a partial image left out',
    events: without(IMAGE, 'response.image_generation_call.partial_image', 1),
  },
  {
    rule: 'delta-non-empty',
    how: 'an empty delta',
    events: edit(STANDARD, `${args}.delta`, (data) => {
      data['delta'] = ''
    }),
  },
  { rule: 'deltas-add-up', how: 'a delta left out', events: without(STANDARD, `${args}.delta`, 1) },
  item('other arguments in the item', 'item-repeats-deltas', done, 2, (held) => {
    held['arguments'] = '{}'
  }),
  {
    rule: 'call-named',
    how: 'a call without a name',
    events: buildStream({ items: [functionCall('fc_1', '', '{}')] }),
  },
  {
    rule: 'arguments-json',
    how: 'a completed call with half its arguments',
    events: buildStream({ items: [functionCall('fc_1', 'look_up', '{"word":')] }),
  },
]
