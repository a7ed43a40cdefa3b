import { type Schema, Validator } from '@cfworker/json-schema'
import { type GenerateSyncOptions, generateSync, type JsonSchema } from 'json-schema-faker'
import { isObject, type Json, type JsonObject } from '../json.ts'

/**
 * How values are generated until one fits: first with some entries in lists, then without, because lists of a schema that
 * refers to itself branch until the generator gives up.
 */
const WAYS = [
  { maxDefaultItems: 2, refDepthMax: 3 },
  { maxDefaultItems: 0, refDepthMax: 3 },
  { maxDefaultItems: 0, refDepthMax: 20, maxDepth: 20 },
]

/** The seeds of each way. */
const SEEDS = [1, 2, 3, 4]

/** The largest list and the longest text that a schema may ask for. A schema that asks for more gets no such value. */
const MOST = 10_000

/**
 * Returns a value that fits a JSON schema, with its references, choices, patterns, formats and limits. It has the required
 * properties only, and is always the same for the same schema. Returns undefined if no such value was found: the schema
 * fits nothing, is no schema, refers to other documents, or asks for too much.
 */
export function buildSample(schema: Json | undefined): Json | undefined {
  if (!isObject(schema) || asksForTooMuch(schema)) return undefined
  for (const way of WAYS)
    for (const seed of SEEDS) {
      const value = generateValue(schema, { ...way, seed, optionalsProbability: 0 })
      if (value !== undefined && fitsSchema(value, schema)) return value
    }
  return undefined
}

/** Returns whether a value fits a JSON schema. A schema that cannot be read fits nothing. */
export function fitsSchema(value: Json, schema: JsonObject): boolean {
  try {
    return new Validator(schema as Schema, '2020-12').validate(value).valid
  } catch {
    return false
  }
}

function generateValue(schema: JsonObject, options: GenerateSyncOptions): Json | undefined {
  try {
    return generateSync(schema as JsonSchema, options) as Json
  } catch {
    return undefined
  }
}

function asksForTooMuch(value: Json): boolean {
  if (Array.isArray(value)) return value.some(asksForTooMuch)
  if (!isObject(value)) return false
  return Object.entries(value).some(
    ([key, held]) =>
      (/^min(?:Items|Length|Properties|Contains)$/.test(key) && Number(held) > MOST) || asksForTooMuch(held),
  )
}
