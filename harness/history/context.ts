import { isObject, type Json, type JsonObject } from '../../mocks/json.ts'
import { eventsOf, type History } from './events.ts'

/**
 * What the model saw, request by request: the items behind `previous_response_id` or the conversation object,
 * then the request's own `input`, with item references resolved. A request's own output is not part of it.
 */
export function effectiveContexts(history: History): Map<number, JsonObject[]> {
  const contexts = new Map<number, JsonObject[]>()
  const after = new Map<string, JsonObject[]>()
  const items = new Map<string, JsonObject>()
  for (const event of history) {
    if (event.kind === 'request') {
      const before = carriedBy(event.body).flatMap((id) => after.get(id) ?? [])
      const input = inputItems(event.body['input'] ?? null).map((item) => resolve(item, items))
      contexts.set(event.request, [...before, ...input])
    } else if (event.kind === 'response.end' && event.response) {
      const context = [...(contexts.get(event.request) ?? []), ...event.response.output]
      after.set(event.response.id, context)
      const conversation = conversationOf(requestBody(history, event.request))
      if (conversation && event.how === 'completed') after.set(conversation, context)
      for (const item of event.response.output)
        if (typeof item['id'] === 'string') items.set(item['id'], item)
    }
  }
  return contexts
}

/** The input of a request as items: a string is one user message. */
export function inputItems(input: Json): JsonObject[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }]
  return Array.isArray(input) ? input.filter(isObject) : []
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

function carriedBy(body: JsonObject): string[] {
  return [body['previous_response_id'], conversationOf(body)].filter((id) => typeof id === 'string')
}

/** The conversation object that a request names, by id or as `{id}`. */
export function conversationOf(body: JsonObject | undefined): string | undefined {
  const named = body?.['conversation']
  const id = isObject(named) ? named['id'] : named
  return typeof id === 'string' ? id : undefined
}

function requestBody(history: History, request: number): JsonObject | undefined {
  return eventsOf(history, 'request').find((event) => event.request === request)?.body
}

function resolve(item: JsonObject, items: Map<string, JsonObject>): JsonObject {
  const id = item['id']
  return item['type'] === 'item_reference' && typeof id === 'string' ? (items.get(id) ?? item) : item
}
