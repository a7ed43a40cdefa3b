import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject, listObjects } from '../../json.ts'
import { findSharedFolder } from '../../testing/shared-folder.ts'
import { echoOtherTool } from './hosted-tools.ts'

const shared = findSharedFolder()

describe('a tool that is no function, in a response', () => {
  it('has the default fields of its type', () => {
    expect(echoOtherTool({ type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 3 })).toEqual({
      type: 'file_search',
      filters: null,
      max_num_results: 3,
      ranking_options: { ranker: 'auto', score_threshold: 0 },
      vector_store_ids: ['vs_1'],
    })
    expect(echoOtherTool({ type: 'apply_patch' })).toEqual({ type: 'apply_patch' })
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
        // One recorded response has its tools in another order.
        if (sent.some(({ type }, at) => type !== shown[at]?.['type'])) continue
        for (const [at, tool] of sent.entries()) {
          // Namespaces hold functions.
          if (tool['type'] === 'function' || tool['type'] === 'namespace') continue
          expect(withoutSecrets(echoOtherTool(tool)), file).toEqual(withoutSecrets(shown[at] ?? {}))
          count++
        }
      }
    }
    expect(count).toBeGreaterThan(10)
  })
})

/** The recordings hide addresses and header values. */
function withoutSecrets(tool: JsonObject): JsonObject {
  const { server_url: _, headers, ...rest } = tool
  return { ...rest, headers: isObject(headers) ? Object.keys(headers) : (headers ?? null) }
}
