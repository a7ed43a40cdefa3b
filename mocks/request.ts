import { isObject, type Json, type JsonObject, objectsIn } from './json.ts'

/** The `input` of a request as items: a text is one user message. */
export function inputItems(input: Json | undefined): JsonObject[] {
  if (typeof input === 'string')
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
  return objectsIn(input)
}

/** The id of the conversation object that a request names, as text or as `{id}`. */
export function conversationOf(body: JsonObject | undefined): string | undefined {
  const named = body?.['conversation']
  const id = isObject(named) ? named['id'] : named
  return typeof id === 'string' ? id : undefined
}
