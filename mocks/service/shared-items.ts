import { isObject, isSameJson, type Json, type JsonObject } from '../json.ts'

/**
 * Returns a function that replaces each input item of a body by an equal item of an earlier body. A client that sends
 * its whole history sends each item with every request. Shared items keep memory linear instead of quadratic. Nobody
 * may change an item of a body.
 */
export function createItemSharing(): (body: JsonObject) => JsonObject {
  const known = new Map<string, JsonObject>()
  const shared = (item: Json): Json => {
    if (!isObject(item)) return item
    const key = buildItemKey(item)
    const before = known.get(key)
    if (before !== undefined && isSameJson(before, item)) return before
    known.set(key, item)
    return item
  }
  return (body) => {
    const { input } = body
    if (Array.isArray(input)) for (const [at, item] of input.entries()) input[at] = shared(item)
    return body
  }
}

/** Returns a key that most likely identifies an item: its ids, or else its text. */
function buildItemKey({ type, id, call_id: call, role, content }: JsonObject): string {
  const [first] = Array.isArray(content) ? content : [content]
  const text = isObject(first) ? first['text'] : first
  const named = typeof id === 'string' || typeof call === 'string'
  return `${type} ${role} ${id} ${call} ${named || typeof text !== 'string' ? '' : text}`
}
