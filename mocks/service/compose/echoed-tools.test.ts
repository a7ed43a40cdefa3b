import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject, listObjects } from '../../json.ts'
import { completeSchema, findStrictBreach } from '../../request-rules/strict-schema.ts'
import { findSharedFolder } from '../../testing/shared-folder.ts'
import { echoTool } from './echoed-tools.ts'

const shared = findSharedFolder()

describe('a tool in a response', () => {
  it('has the default fields of its type', () => {
    expect(echoTool({ type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 3 })).toEqual({
      type: 'file_search',
      filters: null,
      max_num_results: 3,
      ranking_options: { ranker: 'auto', score_threshold: 0 },
      vector_store_ids: ['vs_1'],
    })
    expect(echoTool({ type: 'apply_patch' })).toEqual({ type: 'apply_patch' })
  })

  const parameters = { type: 'object', properties: { x: { type: 'string' }, y: { type: 'object' } } }

  it('is strict with a completed schema, unless it says otherwise', () => {
    expect(echoTool({ type: 'function', name: 'f', parameters })).toMatchObject({
      strict: true,
      parameters: {
        type: 'object',
        properties: {
          x: { type: 'string' },
          y: { type: 'object', additionalProperties: false, required: [] },
        },
        required: ['x', 'y'],
        additionalProperties: false,
      },
    })
    expect(echoTool({ type: 'function', name: 'f', parameters, strict: false })).toMatchObject({
      strict: false,
      parameters,
    })
  })

  it('stays as it was sent where strict mode accepts no completed schema', () => {
    const open = { ...parameters, additionalProperties: true }
    expect(echoTool({ type: 'function', name: 'f', parameters: open })).toMatchObject({
      strict: false,
      parameters: open,
    })
  })

  it('has a completed schema that strict mode accepts, and completing it again changes nothing', () => {
    const { tree } = fc.letrec<{ tree: JsonObject }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom<JsonObject>({ type: 'string' }, { type: ['integer', 'null'] }),
        fc.record({ type: fc.constant('array'), items: tie('tree') }) as fc.Arbitrary<JsonObject>,
        fc
          .dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree'), { maxKeys: 3 })
          .map((properties): JsonObject => ({ type: 'object', properties })),
      ),
    }))
    fc.assert(
      fc.property(tree, (held) => {
        const completed = completeSchema({ type: 'object', properties: { held } })
        expect(completed).toBeDefined()
        expect(findStrictBreach(completed ?? {})).toBeUndefined()
        expect(completeSchema(completed ?? {})).toEqual(completed)
      }),
    )
  })

  it.runIf(shared)('is what was recorded (needs ../shared)', () => {
    const folder = `${shared}/recordings/conversations`
    let count = 0
    for (const file of readdirSync(folder)) {
      const { interactions } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
      for (const { request, response } of interactions) {
        if (!isObject(request.body) || !isObject(response.body)) continue
        const sent = listObjects(request.body['tools'])
        const shown = listObjects(response.body['tools'])
        if (!String(request.url).startsWith('https://api.openai.com')) continue
        for (const tool of sent) {
          // Some recorded responses have their tools in another order.
          const same = shown.find(({ type, name }) => type === tool['type'] && name === tool['name'])
          if (same === undefined) continue
          expect(withoutSecrets(echoTool(tool) as JsonObject), file).toEqual(withoutSecrets(same))
          count++
        }
      }
    }
    expect(count).toBeGreaterThan(50)
  })
})

/** The recordings hide addresses and header values. Older ones have no output_schema. */
function withoutSecrets(tool: JsonObject): JsonObject {
  const { server_url: _, output_schema: __, headers, ...rest } = tool
  return { ...rest, headers: isObject(headers) ? Object.keys(headers) : (headers ?? null) }
}
