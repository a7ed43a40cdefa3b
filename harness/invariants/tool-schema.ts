import { isObject, type Json, type JsonObject } from '../../mocks/json.ts'

/** Keywords that a runtime may add, change or leave out, because a call that was valid stays valid. */
const FREE = new Set([
  ...['additionalProperties', 'required', 'title', 'description', 'default', 'examples', '$schema', 'strict'],
])

/** Keywords whose value maps names to schemas. */
const NAMED = new Set(['properties', '$defs', 'definitions', 'patternProperties'])

/**
 * Returns a JSON Schema without the parts that a runtime may rewrite. Strict mode lets each optional property be null
 * instead, so null as a second type is left out.
 */
export function toComparableSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(toComparableSchema)
  if (!isObject(schema)) return schema
  const only = findOnlyOtherBranch(schema)
  if (only !== undefined) return toComparableSchema(only)
  const entries = Object.entries(schema).filter(([key]) => !FREE.has(key))
  return Object.fromEntries(
    entries.flatMap(([key, value]): [string, Json][] => {
      if (value === undefined) return []
      if (NAMED.has(key) && isObject(value)) {
        const named = Object.entries(value).map(([name, each]) => [name, toComparableSchema(each ?? null)])
        // A schema without properties may be written with an empty map of them.
        return named.length === 0 ? [] : [[key, Object.fromEntries(named) as JsonObject]]
      }
      if (key === 'type') return [[key, withoutNull(value)]]
      if (key === 'enum' && Array.isArray(value)) return [[key, value.filter((each) => each !== null)]]
      return [[key, toComparableSchema(value)]]
    }),
  )
}

/** Returns the schema beside `null` in an `anyOf` of two. */
function findOnlyOtherBranch({ anyOf }: JsonObject): Json | undefined {
  if (!Array.isArray(anyOf)) return undefined
  const others = anyOf.filter((branch) => !(isObject(branch) && branch['type'] === 'null'))
  return others.length === 1 && others.length < anyOf.length ? others[0] : undefined
}

function withoutNull(type: Json): Json {
  if (!Array.isArray(type)) return type
  const others = type.filter((each) => each !== 'null')
  return others.length === 1 ? (others[0] as Json) : others
}
