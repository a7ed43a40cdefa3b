import { isObject, type JsonObject } from '../json.ts'

const NOT_AT_TOP = ['oneOf', 'anyOf', 'allOf', 'enum', 'not']

/**
 * Returns why a JSON schema cannot be the whole schema of a function or a format, in the service's words, or undefined: it
 * must be of an object (SERVICE-FACTS 15a). A schema without any key is accepted, because nobody has seen it refused.
 */
export function findRootBreach(schema: JsonObject): string | undefined {
  const { type } = schema
  if (Object.keys(schema).length === 0) return undefined
  if (NOT_AT_TOP.some((key) => schema[key] !== undefined && type === 'object'))
    return "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."
  if (type === 'object' || (Array.isArray(type) && type.includes('object'))) return undefined
  const found = typeof type === 'string' ? type : 'None'
  return `schema must be a JSON Schema of 'type: "object"', got 'type: "${found}"'.`
}

/**
 * Returns why strict mode does not accept a JSON schema, in the service's words, or undefined if strict mode accepts it
 * (SERVICE-FACTS 6: invalid_json_schema, invalid_function_parameters). In strict mode every object lists all its
 * properties as required and allows no others. `context` is the path to the schema as the message shows it.
 */
export function findStrictBreach(schema: JsonObject, context: readonly string[] = []): string | undefined {
  const where = `In context=(${context.map((name) => `'${name}'`).join(', ')}${context.length === 1 ? ',' : ''})`
  for (const key of ['allOf', 'oneOf'])
    if (schema[key] !== undefined) return `${where}, '${key}' is not permitted.`
  if (schema['type'] === 'object' || isObject(schema['properties'])) {
    if (schema['additionalProperties'] !== false)
      return `${where}, 'additionalProperties' is required to be supplied and to be false.`
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    const required = Array.isArray(schema['required']) ? schema['required'] : []
    for (const name of Object.keys(properties))
      if (!required.includes(name))
        return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${name}'.`
    for (const [name, held] of Object.entries(properties)) {
      const breach = isObject(held) ? findStrictBreach(held, [...context, 'properties', name]) : undefined
      if (breach !== undefined) return breach
    }
  }
  if (isObject(schema['items'])) return findStrictBreach(schema['items'], [...context, 'items'])
  if (Array.isArray(schema['anyOf']))
    for (const [at, held] of schema['anyOf'].entries()) {
      const breach = isObject(held) ? findStrictBreach(held, [...context, 'anyOf', String(at)]) : undefined
      if (breach !== undefined) return breach
    }
  return undefined
}

/**
 * Returns a JSON schema as the service completes it for a tool or a format that does not say whether it is strict: no object
 * allows other properties, and all properties are required. Returns undefined for a schema that strict mode does not accept
 * even then, for example one that asks for additional properties.
 */
export function completeSchema(schema: JsonObject): JsonObject | undefined {
  const completed = completeObjects(schema)
  return (findRootBreach(completed) ?? findStrictBreach(completed)) ? undefined : completed
}

function completeObjects(schema: JsonObject): JsonObject {
  const completed = { ...schema }
  if (schema['type'] === 'object' || isObject(schema['properties'])) {
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    if (schema['properties'] !== undefined) completed['properties'] = mapSchemas(properties)
    completed['additionalProperties'] ??= false
    completed['required'] = Object.keys(properties)
  }
  if (isObject(schema['items'])) completed['items'] = completeObjects(schema['items'])
  if (Array.isArray(schema['anyOf']))
    completed['anyOf'] = schema['anyOf'].map((held) => (isObject(held) ? completeObjects(held) : held))
  for (const key of ['$defs', 'definitions'])
    if (isObject(schema[key])) completed[key] = mapSchemas(schema[key])
  return completed
}

function mapSchemas(schemas: JsonObject): JsonObject {
  const mapped = Object.entries(schemas).map(([name, held]) => [
    name,
    isObject(held) ? completeObjects(held) : held,
  ])
  return Object.fromEntries(mapped) as JsonObject
}
