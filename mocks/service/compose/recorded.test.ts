import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject } from '../../json.ts'
import { parseSse } from '../../sse.ts'
import { findSharedFolder } from '../../testing/shared-folder.ts'
import { functionTool } from '../testing/arbitraries.ts'
import { composeForTest, readAsClient } from '../testing/composed.ts'
import type { Answer } from '../types.ts'

const shared = findSharedFolder()
const HOSTED = 'https://api.openai.com'

/** Returns each object of an event whose field order is compared, with a name for its kind. */
function objectsOf(data: JsonObject): [kind: string, held: JsonObject][] {
  const type = String(data['type'])
  const found: [string, JsonObject][] = [[type, data]]
  const { response, item, part } = data
  if (isObject(response)) {
    found.push([`response of ${type}`, response])
    for (const key of ['reasoning', 'usage', 'text', 'tool_usage'])
      if (isObject(response[key])) found.push([key, response[key]])
    const tools = Array.isArray(response['tools']) ? response['tools'].filter(isObject) : []
    for (const tool of tools) if (tool['type'] === 'function') found.push(['function tool', tool])
  }
  if (isObject(item)) found.push([`${String(item['type'])} of ${type}`, item])
  if (isObject(part)) found.push([`${String(part['type'])} of ${type}`, part])
  return found
}

/** Returns all field orders in recorded wire text, by kind. */
function recordedOrders(): Map<string, Set<string>> {
  const orders = new Map<string, Set<string>>()
  const folder = `${shared}/recordings/conversations`
  for (const file of readdirSync(folder)) {
    const { interactions } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
    for (const { request, response } of interactions) {
      const raw: unknown = response.body?.rawSse ?? response.rawSse
      if (typeof raw !== 'string' || !String(request.url).startsWith(HOSTED)) continue
      for (const { data } of parseSse(raw))
        for (const [kind, held] of objectsOf(JSON.parse(data) as JsonObject)) {
          const seen = orders.get(kind) ?? new Set()
          orders.set(kind, seen.add(Object.keys(held).join()))
        }
    }
  }
  return orders
}

const ANSWERS: Answer[] = [
  {
    items: [
      { type: 'reasoning', summary: ['Thinking about it.'], encrypted: false },
      { type: 'text', text: 'Hello there.' },
    ],
  },
  {
    items: [
      { type: 'reasoning', summary: [], encrypted: true },
      { type: 'call', tool: 'lookup', args: { city: 'Bern' } },
    ],
  },
  { items: [{ type: 'refusal', text: 'I cannot help with that.' }] },
]

/** Kinds without recorded wire text in today's form. For them only the set of fields is compared. */
const OLDER_ONLY = /^response\.(reasoning_summary|refusal)/
const sorted = (keys: string) => keys.split(',').sort().join()

describe.runIf(shared)('composed events beside recorded ones (needs ../shared)', () => {
  it('have an order and presence of fields that was recorded, in every object', () => {
    const orders = recordedOrders()
    const strange = new Set<string>()
    const check = (kind: string, keys: string) => {
      // A queued response has the fields of a created one. No wire text of its newest form is recorded.
      const recorded = [...(orders.get(kind.replace('response.queued', 'response.created')) ?? [])]
      const known =
        recorded.includes(keys) || (OLDER_ONLY.test(kind) && recorded.map(sorted).includes(sorted(keys)))
      if (!known) strange.add(`${kind}: ${keys} | recorded: ${recorded.join(' | ')}`)
    }
    for (const answer of ANSWERS)
      for (const background of [false, true])
        for (const { data } of readAsClient(
          composeForTest(answer, { background, tools: [functionTool('lookup')] }).events,
        ))
          for (const [kind, held] of objectsOf(data)) check(kind, Object.keys(held).join())
    expect([...strange]).toEqual([])
  })
})
