import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEndpoint } from '../endpoint.ts'
import { type Json, toCanonicalJson } from '../json.ts'
import { countDifferences, describeDifference, findFirstDifference, walkDifferences } from './difference.ts'

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>

describe('firstDifference', () => {
  test('is undefined exactly for equal values', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(findFirstDifference(a, structuredClone(a))).toBeUndefined()
        expect(findFirstDifference(a, b) === undefined).toBe(toCanonicalJson(a) === toCanonicalJson(b))
      }),
    )
  })

  test('names the path of the one leaf that was changed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(5), fc.string({ minLength: 1 })), { maxLength: 8 }), (path) => {
        const nest = (leaf: Json) =>
          path.reduceRight<Json>(
            (held, key) =>
              typeof key === 'number'
                ? [...Array(key).fill('same'), held]
                : Object.fromEntries([[key, held]]),
            leaf,
          )
        const found = findFirstDifference(nest('left'), nest('right'))
        expect(found).toMatchObject({ recorded: 'left', received: 'right' })
        const depth = path.reduce<number>(
          (sum, key) => sum + (typeof key === 'number' ? `[${key}]`.length : 0),
          0,
        )
        expect(found?.path.length).toBeGreaterThanOrEqual(1 + depth)
        expect(countDifferences(nest('left'), nest('right'))).toBe(1)
      }),
    )
  })

  test('what one side lacks is absent on that side', () => {
    expect([...walkDifferences({ a: 1, b: [1] }, { b: [1, 2], 'c d': null }, '$')]).toEqual([
      { path: '$.a', recorded: 1 },
      { path: '$.b[1]', received: 2 },
      { path: '$["c d"]', received: null },
    ])
  })

  test('keys named __proto__ and constructor are data', () => {
    const a = JSON.parse('{"__proto__":{"x":1},"constructor":1}')
    const b = JSON.parse('{"__proto__":{"x":2},"constructor":1}')
    expect(findFirstDifference(a, b)).toEqual({ path: '$.__proto__.x', recorded: 1, received: 2 })
    expect(findFirstDifference({}, a)?.path).toBe('$.__proto__')
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test('walks any depth without exhausting the stack', () => {
    let deep: Json = 1
    let other: Json = 2
    for (let k = 0; k < 50_000; k++) [deep, other] = [[deep], [other]]
    expect(findFirstDifference(deep, other)).toMatchObject({ recorded: 1, received: 2 })
  })

  test('is told on one safe line', () => {
    expect(describeDifference({ path: '$.a', recorded: '\u001b[2J' })).toBe(
      '$.a: recorded "\\u001b[2J", received nothing',
    )
  })
})

test.each([
  ['https://api.openai.com/v1/responses', '/responses'],
  ['https://api.openai.com/responses/', '/responses'],
  ['https://x.openai.azure.com/openai/v1/responses?api-version=1', '/responses'],
  ['https://chatgpt.com/backend-api/codex/responses', '/responses'],
  ['http://127.0.0.1:1/v1/responses/resp_1/cancel', '/responses/resp_1/cancel'],
  ['https://api.openai.com/v1/conversations/conv_1/items', '/conversations/conv_1/items'],
  ['https://api.openai.com/v1/models', '/v1/models'],
  ['/v1/responses/compact', '/responses/compact'],
])('%s asks for %s', (url, path) => {
  expect(parseEndpoint(url).path).toBe(path)
})
