import type { JsonObject } from '../../json.ts'
import { listObjects } from '../../json.ts'
import { type BrokenStream, edit, editItem, later, SHELL, STANDARD, twice, without } from './edits.ts'

const text = 'response.output_text'
const content = 'response.content_part'
const summary = 'response.reasoning_summary_part'
const done = 'response.output_item.done'

const event = (
  how: string,
  rule: string,
  type: string,
  nth: number,
  change: (data: JsonObject) => void,
): BrokenStream => ({ rule, how, events: edit(STANDARD, type, change, nth) })

const item = (how: string, rule: string, nth: number, change: (item: JsonObject) => void): BrokenStream => ({
  rule,
  how,
  events: editItem(STANDARD, done, change, nth),
})

/** One broken stream for each rule of content parts, summary parts, annotations and shell commands. */
export const brokenParts: readonly BrokenStream[] = [
  { rule: 'parts-not-nested', how: 'a part never closed', events: without(STANDARD, `${content}.done`) },
  {
    rule: 'part-events-inside',
    how: 'a delta before its part',
    events: later(STANDARD, `${content}.added`, 1),
  },
  event('a delta of another part', 'part-events-inside', `${text}.delta`, 0, (data) => {
    data['content_index'] = 1
  }),
  { rule: 'part-events-ordered', how: 'a text done twice', events: twice(STANDARD, `${text}.done`) },
  { rule: 'part-events-ordered', how: 'a part closed twice', events: twice(STANDARD, `${content}.done`) },
  { rule: 'part-events-ordered', how: 'a part closed early', events: later(STANDARD, `${text}.done`, 1) },
  {
    rule: 'part-events-ordered',
    how: 'a delta after its text',
    events: later(twice(STANDARD, `${text}.delta`, 7), `${text}.delta`, 1, 8),
  },
  { rule: 'deltas-add-up', how: 'a text without one delta', events: without(STANDARD, `${text}.delta`, 2) },
  event('a part left out', 'content-index-counts', `${content}.added`, 1, (data) => {
    data['content_index'] = 2
  }),
  event('a part that begins with text', 'content-part-shape', `${content}.added`, 0, (data) => {
    data['part'] = { type: 'output_text', text: 'A', annotations: [] }
  }),
  event('a summary part in a message', 'content-part-shape', `${content}.added`, 0, (data) => {
    data['part'] = { type: 'reasoning_text', text: '' }
  }),
  event('another text at its end', 'content-part-repeats', `${content}.done`, 0, (data) => {
    data['part'] = { type: 'output_text', text: 'Another answer.', annotations: [] }
  }),
  item('a part missing in the message', 'item-repeats-parts', 1, (held) => {
    held['content'] = []
  }),
  event('an annotation left out', 'annotation-index-counts', `${text}.annotation.added`, 0, (data) => {
    data['annotation_index'] = 1
  }),
  {
    rule: 'content-part-repeats',
    how: 'the last annotation not streamed',
    events: without(STANDARD, `${text}.annotation.added`, 1),
  },
  item('a message without its annotations', 'item-repeats-annotations', 1, (held) => {
    const content = listObjects(held['content'])
    held['content'] = content.map((part) => ({ ...part, annotations: [] }))
  }),
  event('a summary left out', 'summary-index-counts', `${summary}.added`, 1, (data) => {
    data['summary_index'] = 2
  }),
  event('a summary that begins with text', 'summary-part-shape', `${summary}.added`, 0, (data) => {
    data['part'] = { type: 'summary_text', text: 'T' }
  }),
  event('another summary at its end', 'summary-part-repeats', `${summary}.done`, 0, (data) => {
    data['part'] = { type: 'summary_text', text: 'Other.' }
  }),
  item('no summary in the item', 'item-repeats-summary', 0, (held) => {
    held['summary'] = []
  }),
  {
    rule: 'command-index-counts',
    how: 'a command left out',
    events: edit(SHELL, 'response.shell_call_command.added', (data) => {
      data['command_index'] = 1
    }),
  },
  {
    rule: 'item-repeats-commands',
    how: 'another command in the item',
    events: editItem(SHELL, done, (held) => {
      held['action'] = { commands: ['ls -la', 'rm a'] }
    }),
  },
  {
    rule: 'shell-output-adds-up',
    how: 'an output delta left out',
    events: without(SHELL, 'response.shell_call_output_content.delta'),
  },
]
