import { isObject, type JsonObject } from '../json.ts'

/**
 * Returns why strict mode does not accept a JSON schema, in the service's words, or undefined if strict mode accepts it
 * (SERVICE-FACTS 6: invalid_json_schema, invalid_function_parameters). In strict mode every object lists all its
 * properties as required and allows no others. `context` is the path to the schema as the message shows it.
 */
export function findStrictBreach(schema: JsonObject, context: readonly string[] = []): string | undefined {
  const where = `In context=(${context.map((name) => `'${name}'`).join(', ')}${context.length === 1 ? ',' : ''})`
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
