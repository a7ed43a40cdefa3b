import { isObject, type Json, type JsonObject, listObjects } from './json.ts'

/** Returns the `input` of a request as items. A text becomes one user message. */
export function readInputItems(input: Json | undefined): JsonObject[] {
  if (typeof input === 'string')
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
  return listObjects(input)
}

/** Returns the id of the conversation object that a request names as a string or as `{id}`, or undefined. */
export function readConversationId(body: JsonObject | undefined): string | undefined {
  const named = body?.['conversation']
  const id = isObject(named) ? named['id'] : named
  return typeof id === 'string' ? id : undefined
}
