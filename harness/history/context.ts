import { resolvedInput } from '../../mocks/grammar/input/references.ts'
import { isObject, type JsonObject } from '../../mocks/json.ts'
import { conversationOf, inputItems } from '../../mocks/request.ts'
import type { History } from './events.ts'

/**
 * What the model saw, request by request: the items behind `previous_response_id` or the conversation object,
 * then the request's own `input`, with item references resolved. A request's own output is not part of it.
 */
export function effectiveContexts(history: History): Map<number, JsonObject[]> {
  const contexts = new Map<number, JsonObject[]>()
  const conversations = new Map<number, string | undefined>()
  const after = new Map<string, JsonObject[]>()
  const items = new Map<string, { item: JsonObject }>()
  const lookup = (id: string) => items.get(id)
  for (const event of history) {
    if (event.kind === 'request') {
      const conversation = conversationOf(event.body)
      const carried = [event.body['previous_response_id'], conversation]
      const before = carried.flatMap((id) => (typeof id === 'string' ? (after.get(id) ?? []) : []))
      const input = resolvedInput({ input: inputItems(event.body['input']), lookup })
      conversations.set(event.request, conversation)
      contexts.set(event.request, [...before, ...input])
    } else if (event.kind === 'response.end' && event.response) {
      const { id, output } = event.response
      const context = [...(contexts.get(event.request) ?? []), ...output]
      after.set(id, context)
      const conversation = conversations.get(event.request)
      if (conversation !== undefined && event.how === 'completed') after.set(conversation, context)
      for (const item of output) if (typeof item['id'] === 'string') items.set(item['id'], { item })
    }
  }
  return contexts
}

/** All text of an item that a person or the model wrote, or a tool gave. */
export function itemText(item: JsonObject): string {
  const held = item['content'] ?? item['output'] ?? item['text'] ?? null
  if (typeof held === 'string') return held
  if (!Array.isArray(held)) return held === null ? '' : JSON.stringify(held)
  return held
    .filter(isObject)
    .map((part) => part['text'] ?? part['refusal'] ?? '')
    .join('')
}

/** `user`, `assistant`, `system` or `developer` for a message, else undefined. */
export function roleOf(item: JsonObject): string | undefined {
  const type = item['type'] ?? 'message'
  return type === 'message' && typeof item['role'] === 'string' ? item['role'] : undefined
}
