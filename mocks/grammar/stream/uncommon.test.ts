import { describe, expect, test } from 'vitest'
import { editItem, editResponse } from '../../testing/broken-streams/edits.ts'
import {
  bare,
  codeInterpreter,
  fileSearch,
  functionCall,
  message,
  type StreamedItem,
  webSearch,
} from '../../testing/streamed-items.ts'
import { buildStream } from '../../testing/streams.ts'
import { checkStream } from '../stream.ts'
import type { StreamEvent } from '../types.ts'

/** Returns a hosted call that ends with this status, without the last `lacks` of its events. */
function stopped(item: StreamedItem, status: string, lacks: number): StreamedItem {
  return {
    ...item,
    between: item.between.slice(0, item.between.length - lacks),
    done: { ...item.done, status },
  }
}

const rulesOf = (events: readonly StreamEvent[]) => checkStream(events).breaches.map(({ rule }) => rule)

describe('streams that nobody recorded, and that the SDK types allow', () => {
  test.each(['max_output_tokens', 'content_filter', 'max_messages', 'steered'])(
    'a response is incomplete because of %s',
    (reason) => {
      const events = editResponse(
        buildStream({ items: [message('msg_1', [{ text: 'Six' }], 'incomplete')], ends: 'incomplete' }),
        'response.incomplete',
        (response) => {
          response['incomplete_details'] = { reason }
        },
      )
      expect(rulesOf(events)).toEqual([])
    },
  )

  test.each([
    ['a file search', fileSearch('fs_1')],
    ['a code interpreter', codeInterpreter('ci_1', '1+1')],
    ['a web search', webSearch('ws_1')],
  ])('%s that failed shows no .completed, and one that completed must', (_, item) => {
    expect(rulesOf(buildStream({ items: [stopped(item, 'failed', 1)] }))).toEqual([])
    const whole = checkStream(buildStream({ items: [stopped(item, 'completed', 2)] })).breaches
    expect(whole[0]?.rule).toBe('item-events-whole')
  })

  test('a hosted call that the token limit stopped ends where it stood', () => {
    const item = stopped(codeInterpreter('ci_1', '1+1'), 'incomplete', 3)
    expect(rulesOf(buildStream({ items: [item], ends: 'incomplete' }))).toEqual([])
  })

  test("a client's own call that is incomplete still needs its events", () => {
    const item = stopped(functionCall('fc_1', 'roll', '{', 'incomplete'), 'incomplete', 1)
    expect(rulesOf(buildStream({ items: [item], ends: 'incomplete' }))).toContain('item-events-whole')
  })

  test('a computer call is added whole', () => {
    const call = bare('cu_1', 'computer_call', 'completed')
    const added = editItem(buildStream({ items: [call] }), 'response.output_item.added', (item) => {
      item['status'] = 'completed'
    })
    expect(rulesOf(added)).toEqual([])
  })
})
