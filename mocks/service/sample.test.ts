import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Json, JsonObject } from '../json.ts'
import { buildSample, fitsSchema } from './sample.ts'

const formats = [
  'date-time',
  'date',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
] as const
const patterns = ['^[A-Z]{3}-\\d{2,4}$', '^@[a-zA-Z0-9_]+$', '^(red|green|blue)$', '^a+b?$'] as const

/** Schemas of the words that structured outputs allow. A reference leads to `Node`, which refers to itself. */
const { schema: schemas } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonObject>(
      { type: 'boolean' },
      { type: 'null' },
      { type: 'string' },
      { type: 'number' },
    ),
    fc.constantFrom(...formats).map((format): JsonObject => ({ type: 'string', format })),
    fc.constantFrom(...patterns).map((pattern): JsonObject => ({ type: 'string', pattern })),
    fc
      .uniqueArray(fc.string(), { minLength: 1, maxLength: 3 })
      .map((values): JsonObject => ({ enum: values })),
    fc
      .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }))
      .map(([minimum, size]): JsonObject => ({ type: 'integer', minimum, maximum: minimum + size })),
    fc.constant<JsonObject>({ $ref: '#/$defs/Node' }),
    tie('schema').map((other): JsonObject => ({ anyOf: [other, { type: 'null' }] })),
    fc.tuple(tie('schema'), fc.nat(3), fc.nat(2)).map(
      ([items, minItems, more]): JsonObject => ({
        type: 'array',
        items,
        minItems,
        maxItems: minItems + more,
      }),
    ),
    fc.dictionary(fc.string({ minLength: 1 }), tie('schema'), { maxKeys: 4 }).map(buildObject),
  ),
}))

function buildObject(properties: Record<string, JsonObject>): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

const $defs = {
  Node: buildObject({
    value: { type: 'string' },
    children: { type: 'array', items: { $ref: '#/$defs/Node' } },
    next: { anyOf: [{ $ref: '#/$defs/Node' }, { type: 'null' }] },
  }),
}

describe('a sample of a schema', () => {
  it('fits the schema, as another validator finds it, and is the same again', () => {
    fc.assert(
      fc.property(schemas, (one) => {
        const schema = { ...buildObject({ it: one }), $defs }
        const before = structuredClone(schema)
        const sample = buildSample(schema)
        expect(z.fromJSONSchema(schema).safeParse(sample).error).toBeUndefined()
        expect(buildSample(schema)).toEqual(sample)
        expect(schema).toEqual(before)
      }),
    )
  })

  it.each<[why: string, schema: Json]>([
    ['it fits nothing', { enum: [] }],
    ['it refers to another document', { $ref: 'http://127.0.0.1:9/other.json' }],
    ['its pattern is none', { type: 'string', pattern: '(' }],
    ['it asks for too long a list', { type: 'object', properties: { a: { type: 'array', minItems: 1e9 } } }],
    ['it asks for too long a text', { type: 'string', minLength: 1e12 }],
    ['it is no object', true],
  ])('is missing if %s', (_, schema) => {
    expect(buildSample(schema)).toBeUndefined()
  })
})

describe('whether a value fits a schema', () => {
  const schema = { ...buildObject({ it: { $ref: '#/$defs/Node' } }), $defs }

  it('looks through references', () => {
    expect(fitsSchema({ it: { value: 'a', children: [], next: null } }, schema)).toBe(true)
    expect(fitsSchema({ it: { value: 'a', children: [{}], next: null } }, schema)).toBe(false)
  })
})
