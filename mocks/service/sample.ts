import { isObject, type Json } from '../json.ts'

/**
 * Returns a small value that fits a JSON schema: required properties only, first choices, empty texts and lists, zeros.
 */
export function buildSample(schema: Json | undefined, depth = 0): Json {
  if (!isObject(schema) || depth > 16) return {}
  const { type, properties, required } = schema
  if (schema['const'] !== undefined) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null
  if (Array.isArray(schema['anyOf'])) return buildSample(schema['anyOf'][0], depth + 1)
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return ''
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0
    case 'boolean':
      return false
    case 'array':
      return []
    case 'null':
      return null
    default: {
      const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
      const held = isObject(properties) ? properties : {}
      return Object.fromEntries(names.map((name) => [name, buildSample(held[name], depth + 1)]))
    }
  }
}
