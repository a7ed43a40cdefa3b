import { isObject, type JsonObject } from '../../mocks/json.ts'
import { findCanaries } from '../plan/canary.ts'

/** All text of an item that a person or the model wrote, or a tool gave. */
export function readItemText(item: JsonObject): string {
  const held = item['content'] ?? item['output'] ?? item['text'] ?? null
  if (typeof held === 'string') return held
  if (!Array.isArray(held)) return held === null ? '' : JSON.stringify(held)
  return held
    .filter(isObject)
    .map((part) => part['text'] ?? part['refusal'] ?? '')
    .join('')
}

/** `user`, `assistant`, `system` or `developer` for a message, else undefined. */
export function readRole(item: JsonObject): string | undefined {
  const type = item['type'] ?? 'message'
  return type === 'message' && typeof item['role'] === 'string' ? item['role'] : undefined
}

/** A text of a recording that is shorter could stand in another by chance. */
const LONG_ENOUGH = 12

/**
 * What a text is known by wherever it turns up: its first canary, or, in a plan made from a recording, the text itself
 * where it is long enough. Undefined: nothing can be said of it.
 */
export function findMark(text: string): string | undefined {
  return findCanaries(text)[0] ?? (text.length >= LONG_ENOUGH ? text : undefined)
}

/** Where marks stand in a list of texts: looked up for canaries, searched for other texts. */
export interface Marks {
  /** The first text that holds the mark; -1 where none does. */
  placeOf(mark: string): number
}

export function indexMarks(texts: readonly string[]): Marks {
  const places = new Map<string, number>()
  texts.forEach((text, place) => {
    for (const token of findCanaries(text)) if (!places.has(token)) places.set(token, place)
  })
  return {
    placeOf(mark) {
      const known = places.get(mark)
      if (known !== undefined || findCanaries(mark).length > 0) return known ?? -1
      // A runtime may hand a text on as JSON.
      const escaped = JSON.stringify(mark).slice(1, -1)
      return texts.findIndex((text) => text.includes(mark) || text.includes(escaped))
    },
  }
}
