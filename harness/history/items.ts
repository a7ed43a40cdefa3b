import { isObject, type JsonObject, listObjects } from '../../mocks/json.ts'
import { findOpenCalls } from '../../mocks/request-rules/calls.ts'
import { findCanaries } from '../plan/canary.ts'

/** Returns all text of an item, whether a person, the model or a tool wrote it. */
export function readItemText(item: JsonObject): string {
  const held = item['content'] ?? item['output'] ?? item['text'] ?? null
  if (typeof held === 'string') return held
  if (!Array.isArray(held)) return held === null ? '' : JSON.stringify(held)
  return held
    .filter(isObject)
    .map((part) => part['text'] ?? part['refusal'] ?? '')
    .join('')
}

/** Returns the role of a message: `user`, `assistant`, `system` or `developer`. Returns undefined for other items. */
export function readRole(item: JsonObject): string | undefined {
  const type = item['type'] ?? 'message'
  return type === 'message' && typeof item['role'] === 'string' ? item['role'] : undefined
}

/** Returns the text of the first user message of a context, or '' if there is none. */
export function readFirstUserText(context: readonly JsonObject[]): string {
  return listUserTexts(context)[0] ?? ''
}

/**
 * Returns the texts of the user messages of a context. Texts without a canary count only if no text has one, because a runtime may
 * add messages of its own in the user's role.
 */
export function listUserTexts(context: readonly JsonObject[]): string[] {
  const texts = context.filter((item) => readRole(item) === 'user').map(readItemText)
  const marked = texts.filter((text) => findCanaries(text).length > 0)
  return marked.length > 0 ? marked : texts
}

/** A shorter text of a recording could be part of another text by chance. */
const LONG_ENOUGH = 12

/**
 * Returns what identifies a text wherever it appears: its first canary or, in a plan from a recording, the text
 * itself if it is long enough. Returns undefined if the text cannot be identified.
 */
export function findMark(text: string): string | undefined {
  return findCanaries(text)[0] ?? (text.length >= LONG_ENOUGH ? text : undefined)
}

/** Finds marks in a list of texts. */
export interface Marks {
  /** Returns the index of the first text with the mark, or -1. */
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
      // A runtime may pass a text on as JSON.
      const escaped = JSON.stringify(mark).slice(1, -1)
      return texts.findIndex((text) => text.includes(mark) || text.includes(escaped))
    },
  }
}

/**
 * Returns the ids of function calls in a context that have no output there. A call whose arguments were cut off does not count: the
 * service accepts a request that continues it.
 */
export function listOpenCallIds(context: readonly JsonObject[]): string[] {
  const whole = context.filter(({ type, status }) => type !== 'function_call' || status !== 'incomplete')
  return findOpenCalls(whole).flatMap(({ type, callId }) => (type === 'function_call' ? [callId] : []))
}

/** Returns whether a message of the model has a refusal. */
export function hasRefusal(item: JsonObject): boolean {
  return listObjects(item['content']).some(({ type }) => type === 'refusal')
}
