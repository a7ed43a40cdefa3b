import { isObject, type JsonObject } from '../../json.ts'

/**
 * Why a JSON schema cannot be used in strict mode, in the service's words, or undefined if it can
 * (SERVICE-FACTS 6: invalid_json_schema, invalid_function_parameters). `context` is the path as it is shown.
 */
export function strictBreach(schema: JsonObject, context: readonly string[] = []): string | undefined {
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
      const breach = isObject(held) ? strictBreach(held, [...context, 'properties', name]) : undefined
      if (breach !== undefined) return breach
    }
  }
  if (isObject(schema['items'])) return strictBreach(schema['items'], [...context, 'items'])
  if (Array.isArray(schema['anyOf']))
    for (const [at, held] of schema['anyOf'].entries()) {
      const breach = isObject(held) ? strictBreach(held, [...context, 'anyOf', String(at)]) : undefined
      if (breach !== undefined) return breach
    }
  return undefined
}
