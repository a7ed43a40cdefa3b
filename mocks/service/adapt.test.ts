import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject } from '../json.ts'
import { adaptAnswer } from './adapt.ts'
import { buildSample } from './sample.ts'
import { queueScript } from './script.ts'
import { createService } from './service.ts'
import { answers, createOptions, functionTool, TOOLS } from './testing/arbitraries.ts'
import { callService } from './testing/calls.ts'
import type { Answer, Item } from './types.ts'
import type { ServiceEvent } from './watch.ts'

const tools = TOOLS.map(functionTool)
const text: Item = { type: 'text', text: 'plain' }
const lookup: Item = { type: 'call', tool: 'lookup', args: { city: 'Bern' } }
const schema = {
  type: 'object',
  properties: { n: { type: 'integer' } },
  required: ['n'],
  additionalProperties: false,
}
const transfer = {
  ...functionTool('transfer_to_Billing_Agent'),
  parameters: { type: 'object', properties: {} },
}

/** The scripted items, the request, the items of the answer, and the number of reported changes. */
const CASES: [name: string, items: Item[], body: JsonObject, comes: Item[], changes: number][] = [
  ['what can come is left alone', [text, lookup], { tools }, [text, lookup], 0],
  ['a call of a tool that is not offered goes', [text, lookup], {}, [text], 1],
  ['where nothing is left, the plain answer comes', [lookup], {}, [{ type: 'text', text: 'OK.' }], 1],
  ['tool_choice none: calls go', [text, lookup], { tools, tool_choice: 'none' }, [text], 1],
  [
    'parallel_tool_calls false: the first call stays',
    [lookup, lookup],
    { tools, parallel_tool_calls: false },
    [lookup],
    1,
  ],
  [
    'tool_choice required: the first tool is called',
    [text],
    { tools, tool_choice: 'required' },
    [
      {
        type: 'call',
        tool: 'get_weather',
        args: buildSample(functionTool('lookup')['parameters']) as JsonObject,
      },
    ],
    2,
  ],
  [
    'tool_choice required: a call comes without a message',
    [{ type: 'reasoning', summary: [], encrypted: false }, text, lookup],
    { tools, tool_choice: 'required' },
    [{ type: 'reasoning', summary: [], encrypted: false }, lookup],
    1,
  ],
  [
    'tool_choice of one function: others go, it is called',
    [{ ...lookup, tool: 'get_weather' } as Item],
    { tools, tool_choice: { type: 'function', name: 'lookup' } },
    [{ type: 'call', tool: 'lookup', args: buildSample(functionTool('lookup')['parameters']) as JsonObject }],
    2,
  ],
  [
    'allowed_tools: others go',
    [text, lookup],
    {
      tools,
      tool_choice: {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [{ type: 'function', name: 'get_weather' }],
      },
    },
    [text],
    1,
  ],
  [
    'json_schema: text that is no JSON becomes a sample',
    [text],
    { text: { format: { type: 'json_schema', name: 's', schema } } },
    [{ type: 'text', text: JSON.stringify(buildSample(schema)) }],
    1,
  ],
  [
    'json_schema, strict: JSON that does not fit becomes a sample',
    [{ type: 'text', text: '{"m":1}' }],
    { text: { format: { type: 'json_schema', name: 's', strict: true, schema } } },
    [{ type: 'text', text: JSON.stringify(buildSample(schema)) }],
    1,
  ],
  [
    'json_schema, strict: JSON that fits stays',
    [{ type: 'text', text: '{"n":1}' }],
    { text: { format: { type: 'json_schema', name: 's', strict: true, schema } } },
    [{ type: 'text', text: '{"n":1}' }],
    0,
  ],
  [
    'json_object: the text is kept inside',
    [text],
    { text: { format: { type: 'json_object' } } },
    [{ type: 'text', text: '{"text":"plain"}' }],
    1,
  ],
  [
    'JSON text is left alone',
    [{ type: 'text', text: '{"n":1}' }],
    { text: { format: { type: 'json_object' } } },
    [{ type: 'text', text: '{"n":1}' }],
    0,
  ],
  [
    'a handoff calls the tool that is named after the agent',
    [{ type: 'handoff', to: 'Billing Agent' }],
    { tools: [...tools, transfer] },
    [{ type: 'call', tool: 'transfer_to_Billing_Agent', args: {} }],
    0,
  ],
  ['a handoff without such a tool goes', [text, { type: 'handoff', to: 'Billing' }], { tools }, [text], 1],
]

describe('an answer made possible', () => {
  it.each(CASES)('%s', (_, items, body, comes, changes) => {
    const result = adaptAnswer({ items }, body)
    expect(result.items).toEqual(comes)
    expect(result.changes).toHaveLength(changes)
    for (const { found, adapted: instead } of result.changes) expect([found, instead]).not.toContain('')
  })

  it('keeps every switch of the request, whatever is scripted (GRAMMAR J70 to J74), and tells each change', async () => {
    await fc.assert(
      fc.asyncProperty(answers, createOptions, async (answer, options) => {
        const seen: ServiceEvent[] = []
        const service = createService({ script: queueScript([answer]), watch: (event) => seen.push(event) })
        const { json } = await callService(service, 'POST', '/responses', {
          model: 'm',
          input: 'hi',
          ...options,
        })
        const output = (json['output'] ?? []) as JsonObject[]
        const calls = output.filter(({ type }) => type === 'function_call')
        if (options['tool_choice'] === 'none') expect(calls).toEqual([])
        if (options['tool_choice'] === 'required' && json['status'] === 'completed')
          expect(calls.length).toBeGreaterThan(0)
        if (options['parallel_tool_calls'] === false) expect(calls.length).toBeLessThan(2)
        const changes = adaptAnswer(answer, { model: 'm', input: 'hi', ...options }).changes.length
        expect(seen.filter(({ type }) => type === 'script-impossible')).toHaveLength(changes)
        const format =
          isObject(options['text']) && isObject(options['text']['format']) ? options['text']['format'] : {}
        if (format['type'] !== 'json_object' || json['status'] !== 'completed') return
        for (const { content } of output)
          for (const part of (content ?? []) as JsonObject[])
            if (typeof part['text'] === 'string')
              expect(() => JSON.parse(part['text'] as string)).not.toThrow()
      }),
      { numRuns: 300 },
    )
  })
})

describe('a queue of answers', () => {
  const says = (name: string, more: Partial<Answer> = {}): Answer => ({
    items: [{ type: 'text', text: name }],
    ...more,
  })
  const heard = async (script: Answer[], instructions: string[]) => {
    const service = createService({ script: queueScript(script) })
    const texts: unknown[] = []
    for (const [at, spoken] of instructions.entries()) {
      const { json } = await callService(service, 'POST', '/responses', {
        model: 'm',
        input: `turn ${at}`,
        instructions: spoken,
      })
      const [message] = json['output'] as JsonObject[]
      texts.push(((message?.['content'] ?? []) as JsonObject[])[0]?.['text'])
    }
    return texts
  }

  it('gives each answer once and in order, and then the plain one', async () => {
    expect(await heard([says('a'), says('b')], ['x', 'x', 'x'])).toEqual(['a', 'b', 'OK.'])
  })

  it('never uses up an answer that is always given', async () => {
    expect(await heard([says('a'), says('z', { always: true })], ['x', 'x', 'x'])).toEqual(['a', 'z', 'z'])
  })

  it('keeps an agent’s answer for a request of that agent', async () => {
    const script = [says('for billing', { agent: 'Billing' }), says('for anyone')]
    expect(await heard(script, ['You are Triage.', 'You are Billing.'])).toEqual([
      'for anyone',
      'for billing',
    ])
  })
})
