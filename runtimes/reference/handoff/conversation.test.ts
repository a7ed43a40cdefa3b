import { describe, expect, it } from 'vitest'
import type { Item } from '../items.ts'
import { buildContribution, buildTranscript, listSharedItems, NOBODY, USER } from './conversation.ts'

const isHandoff = (tool: string) => tool.startsWith('handoff_to_')

const message = (text: string): Item => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: text === '' ? [] : [{ type: 'output_text', text, annotations: [] }],
})
const call = (call_id: string, name: string): Item => ({
  type: 'function_call',
  id: `fc_${call_id}`,
  call_id,
  name,
  arguments: '{}',
  status: 'completed',
})
const output = (call_id: string): Item => ({ type: 'function_call_output', call_id, output: 'done' })
const reasoning: Item = { type: 'reasoning', id: 'rs_1', summary: [] }

describe('what others may read of an activation', () => {
  it('has messages and calls with their outputs, without the ids that the service knows them by', () => {
    const { id: _, ...bare } = call('c1', 'look_up') as Item & { id: string }
    expect(listSharedItems([message('hello'), call('c1', 'look_up'), output('c1')], isHandoff)).toEqual([
      { role: 'assistant', content: 'hello' },
      bare,
      output('c1'),
    ])
  })

  it.each<[string, Item[]]>([
    ['a handoff with its output', [call('c1', 'handoff_to_b'), output('c1')]],
    ['a handoff that nothing answers', [call('c1', 'handoff_to_b')]],
    ['a call that was never run', [call('c1', 'look_up')]],
    ['reasoning', [reasoning]],
    ['a message that says nothing', [message('')]],
  ])('has not %s', (_, items) => {
    expect(listSharedItems(items, isHandoff)).toEqual([])
    const around = [message('before'), ...items, message('after')]
    expect(listSharedItems(around, isHandoff).map((item) => 'content' in item && item.content)).toEqual([
      'before',
      'after',
    ])
  })
})

describe('the transcript', () => {
  it('has what the user and the agents said, and not what tells an agent to go on', () => {
    const said = [
      buildContribution(USER, 'hello'),
      { author: 'a', items: [message('one'), call('c1', 'look_up'), output('c1'), message('two')] },
      buildContribution(NOBODY, 'Go on.'),
      { author: 'b', items: [message('three')] },
    ]
    expect(buildTranscript(said).map(({ author, text }) => `${author}: ${text}`)).toEqual([
      'user: hello',
      'a: one',
      'a: two',
      'b: three',
    ])
  })
})
