import type { JsonObject } from '../../json.ts'
import { message } from '../streamed-items.ts'
import { buildStream } from '../streams.ts'
import { type BrokenStream, edit, editItem, editResponse, STANDARD, twice, without } from './edits.ts'

const INCOMPLETE = buildStream({
  items: [message('msg_1', [{ text: 'Cut' }], 'incomplete')],
  ends: 'incomplete',
})
const FAILED = buildStream({ items: [], ends: 'failed', errorEvent: true })

const completed = (how: string, rule: string, change: (response: JsonObject) => void): BrokenStream => ({
  rule,
  how,
  events: editResponse(STANDARD, 'response.completed', change),
})

/** One broken stream for each rule of the terminal event. */
export const brokenEndings: readonly BrokenStream[] = [
  { rule: 'terminal-present', how: 'the end is missing', events: STANDARD.slice(0, -1) },
  { rule: 'terminal-present', how: 'no events at all', events: [] },
  { rule: 'terminal-last', how: 'two terminal events', events: twice(STANDARD, 'response.completed') },
  {
    rule: 'terminal-last',
    how: '[DONE] twice',
    events: [...STANDARD, { data: '[DONE]' }, { data: '[DONE]' }],
  },
  completed('completed in name only', 'terminal-status', (response) => {
    response['status'] = 'failed'
  }),
  completed('no usage', 'terminal-usage', (response) => {
    response['usage'] = null
  }),
  {
    rule: 'terminal-usage',
    how: 'usage of a failed response',
    events: editResponse(FAILED, 'response.failed', (response) => {
      response['usage'] = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
    }),
  },
  completed('a total that is no sum', 'usage-adds-up', (response) => {
    response['usage'] = { input_tokens: 1, output_tokens: 1, total_tokens: 3 }
  }),
  {
    rule: 'incomplete-reason',
    how: 'incomplete without a reason',
    events: editResponse(INCOMPLETE, 'response.incomplete', (response) => {
      response['incomplete_details'] = null
    }),
  },
  {
    rule: 'failed-error',
    how: 'failed without an error',
    events: editResponse(FAILED, 'response.failed', (response) => {
      response['error'] = null
    }),
  },
  completed('completed at no time', 'terminal-completed-at', (response) => {
    response['completed_at'] = null
  }),
  completed('completed with an error', 'terminal-no-error', (response) => {
    response['error'] = { code: 'server_error', message: 'No.' }
  }),
  completed('one item missing in output', 'terminal-output-listed', (response) => {
    response['output'] = listOf(response).slice(1)
  }),
  completed('another id in output', 'terminal-output-listed', (response) => {
    response['output'] = listOf(response).with(1, { id: 'msg_other', type: 'message' })
  }),
  completed('another name in output', 'terminal-output-equal', (response) => {
    response['output'] = listOf(response).with(2, { ...(listOf(response)[2] as JsonObject), name: 'other' })
  }),
  {
    rule: 'items-done',
    how: 'the last item is not done',
    events: without(STANDARD, 'response.output_item.done', 2),
  },
  {
    rule: 'items-completed',
    how: 'an incomplete call in a completed response',
    events: editItem(
      STANDARD,
      'response.output_item.done',
      (item) => {
        item['status'] = 'incomplete'
      },
      2,
    ),
  },
  {
    rule: 'error-then-failed',
    how: 'another code in response.failed',
    events: editResponse(FAILED, 'response.failed', (response) => {
      response['error'] = { code: 'rate_limit_exceeded', message: 'Slow down.' }
    }),
  },
  { rule: 'error-then-failed', how: 'two error events', events: twice(FAILED, 'error') },
  {
    rule: 'error-shape',
    how: 'an error event without a message',
    events: edit(FAILED, 'error', (data) => {
      data['error'] = { code: 'server_error', type: 'server_error', param: null }
    }),
  },
]

function listOf(response: JsonObject): JsonObject[] {
  const output = response['output']
  return Array.isArray(output) ? (output as JsonObject[]) : []
}
