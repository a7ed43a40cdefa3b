import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkStream } from '../../grammar/stream.ts'
import { isObject, type JsonObject, listObjects } from '../../json.ts'
import { cutStreamAt } from '../faults/incomplete.ts'
import { createOptions, functionTool } from '../testing/arbitraries.ts'
import { composeForTest, readAsClient } from '../testing/composed.ts'
import type { HostedItem } from '../types.ts'

const words = fc.string({ maxLength: 30 })

/** An arbitrary for each kind of item. */
const kinds: { [Kind in HostedItem['type']]: fc.Arbitrary<Extract<HostedItem, { type: Kind }>> } = {
  web_search: words.map((query) => ({ type: 'web_search', query })),
  file_search: words.map((text) => ({
    type: 'file_search',
    queries: [text],
    results: [{ file: 'a.txt', text, score: 0.5 }],
  })),
  code_interpreter: words.map((code) => ({ type: 'code_interpreter', code, logs: '2' })),
  mcp: fc
    .record({ output: fc.option(words, { nil: undefined }), error: fc.option(words, { nil: undefined }) })
    .map(({ output, error }) => ({
      ...{ type: 'mcp' as const, server: 'dice', tool: 'roll', args: { sides: 6 } },
      ...(output === undefined ? {} : { output }),
      ...(error === undefined || output !== undefined ? {} : { error }),
    })),
  mcp_list_tools: fc.constant({ type: 'mcp_list_tools', server: 'dice', tools: ['roll'] }),
  image_generation: fc.constant({ type: 'image_generation', result: 'AAAA' }),
  custom: words.map((input) => ({ type: 'custom', tool: 'sql', input })),
  shell: fc.array(words, { minLength: 1, maxLength: 3 }).map((commands) => ({ type: 'shell', commands })),
  apply_patch: fc
    .option(words, { nil: undefined })
    .map((diff) => ({ type: 'apply_patch', path: 'a.txt', ...(diff === undefined ? {} : { diff }) })),
  tool_search: fc
    .boolean()
    .map((own) => ({ type: 'tool_search', args: { q: 'a' }, ...(own ? { finds: ['later'] } : {}) })),
  compaction: fc.constant({ type: 'compaction' }),
}

const items = fc.array(fc.oneof(...(Object.values(kinds) as fc.Arbitrary<HostedItem>[])), {
  minLength: 1,
  maxLength: 4,
})

const tools: JsonObject[] = [
  { type: 'web_search' },
  { type: 'file_search', vector_store_ids: ['vs_1'] },
  { type: 'code_interpreter', container: { type: 'auto' } },
  { type: 'mcp', server_label: 'dice', server_url: 'https://example.com/mcp', require_approval: 'never' },
  { type: 'image_generation' },
  { type: 'custom', name: 'sql' },
  { type: 'shell' },
  { type: 'apply_patch' },
  { type: 'tool_search' },
  { ...functionTool('later'), defer_loading: true },
]
const offers = { tools, context_management: [{ type: 'compaction', compact_threshold: 1000 }] }

describe('items of tools that are no functions', () => {
  it.each(Object.entries(kinds))('%s: the stream passes the grammar', (_, kind) => {
    fc.assert(
      fc.property(kind, createOptions, (item, options) => {
        const { events, response } = composeForTest(
          { items: [item] },
          { ...options, ...offers, tool_choice: 'auto' },
        )
        expect(checkStream(readAsClient(events)).breaches).toEqual([])
        expect(response.output.some(({ type }) => type === 'message')).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  it('may stand beside one another and be cut anywhere', () => {
    fc.assert(
      fc.property(items, fc.nat(), (some, place) => {
        const { events } = composeForTest({ items: some }, offers)
        expect(checkStream(readAsClient(events)).breaches).toEqual([])
        const at = 2 + (place % (events.length - 2))
        const cut = cutStreamAt(events, at, 'max_output_tokens')
        expect(checkStream(readAsClient(cut)).breaches).toEqual([])
      }),
    )
  })

  it.each(Object.entries(kinds))('%s: is left out if the request does not offer it', (_, kind) => {
    fc.assert(
      fc.property(kind, (item) => {
        for (const options of [{}, { ...offers, tool_choice: 'none' }]) {
          if (item.type === 'compaction' && 'tools' in options) continue
          const { response } = composeForTest({ items: [item] }, options)
          expect(response.output.map(({ type }) => type)).toEqual(['message'])
        }
      }),
      { numRuns: 5 },
    )
  })

  it('satisfy a tool_choice that asks for a call', () => {
    const { response } = composeForTest(
      {
        items: [
          { type: 'web_search', query: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { tools: [...tools, functionTool('f')], tool_choice: 'required' },
    )
    expect(response.output.map(({ type }) => type)).toEqual(['web_search_call', 'message'])
  })

  it('hold results only if the request includes them', () => {
    const asked: HostedItem[] = [
      { type: 'file_search', queries: ['a'], results: [{ file: 'a.txt', text: 'found', score: 1 }] },
      { type: 'code_interpreter', code: '1+1', logs: '2' },
    ]
    const include = ['file_search_call.results', 'code_interpreter_call.outputs']
    const read = (options: JsonObject) =>
      composeForTest({ items: asked }, { tools, ...options }).response.output as unknown as JsonObject[]
    expect(read({}).map(({ results, outputs }) => [results, outputs])).toEqual([
      [null, undefined],
      [undefined, null],
    ])
    const [file, code] = read({ include })
    expect(listObjects(file?.['results'])[0]).toMatchObject({ filename: 'a.txt', text: 'found', score: 1 })
    expect(code?.['outputs']).toEqual([{ type: 'logs', logs: '2' }])
  })

  it('name the approval that the client gave', () => {
    const call = { type: 'mcp' as const, server: 'dice', tool: 'roll', args: { sides: 6 } }
    const [question] = composeForTest({ items: [call] }, { tools }).response.output
    expect(question?.type).toBe('mcp_approval_request')
    const input = [{ type: 'mcp_approval_response', approval_request_id: question?.id, approve: true }]
    const [rolled] = composeForTest({ items: [{ ...call, output: '4' }] }, { tools, input } as JsonObject)
      .response.output
    expect(rolled).toMatchObject({ type: 'mcp_call', approval_request_id: question?.id, output: '4' })
    expect(isObject(rolled)).toBe(true)
  })
})
