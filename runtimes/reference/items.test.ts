import { describe, expect, it } from 'vitest'
import { type Item, listCarryableItems } from './items.ts'

const user: Item = { role: 'user', content: 'Go' }
const call = (id: string): Item => ({ type: 'function_call', call_id: id, name: 'clock', arguments: '{}' })
const output = (id: string): Item => ({ type: 'function_call_output', call_id: id, output: 'noon' })
const reasoning = (id: string): Item => ({ type: 'reasoning', id, summary: [] })
const message = (text?: string): Item => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'incomplete',
  content: text === undefined ? [] : [{ type: 'output_text', text, annotations: [] }],
})

describe('carryable', () => {
  it.each<[string, Item[], Item[]]>([
    [
      'keeps what is whole',
      [user, reasoning('rs_1'), call('a'), output('a'), message('Noon.')],
      [user, reasoning('rs_1'), call('a'), output('a'), message('Noon.')],
    ],
    [
      'drops a call without output, with the reasoning before it',
      [user, reasoning('rs_1'), call('a')],
      [user],
    ],
    [
      'keeps the reasoning before the call that has one',
      [reasoning('rs_1'), call('a'), call('b'), output('b')],
      [reasoning('rs_1'), call('b'), output('b')],
    ],
    ['drops reasoning behind reasoning', [user, reasoning('rs_1'), reasoning('rs_2')], [user]],
    [
      'drops a message that says nothing, and keeps half of one',
      [user, message(), message('No')],
      [user, message('No')],
    ],
    ['drops reasoning before the user', [reasoning('rs_1'), user], [user]],
  ])('%s', (_, items, kept) => {
    expect(listCarryableItems(items)).toEqual(kept)
  })
})
