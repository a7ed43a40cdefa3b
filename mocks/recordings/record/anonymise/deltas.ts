import { isObject, type Json, type JsonObject } from '../../../json.ts'
import { parseJsonOrUndefined } from '../../../limits.ts'
import { parseSse } from '../../../sse.ts'
import type { Texts } from './text.ts'

/** Cuts the text into pieces with the lengths of `pieces`. */
export function sliceLike(text: string, pieces: readonly string[]): string[] {
  let from = 0
  return pieces.map((piece) => {
    const slice = text.slice(from, from + piece.length)
    from += piece.length
    return slice
  })
}

/** Returns the `token` of each entry of a logprobs list, or '' if there is none. */
export function listTokens(list: readonly Json[]): string[] {
  return list.map((one) => (isObject(one) && typeof one['token'] === 'string' ? one['token'] : ''))
}

/** The new deltas of a stream, by the index of their event. A delta is a text or an object of texts. */
export type NewDeltas = ReadonlyMap<number, Json>

/**
 * Returns the new deltas of a stream. The deltas of one text are joined, replaced as one text and cut at the same
 * places, because a word may begin in one delta and end in another.
 */
export function replaceDeltas(wire: string, texts: Texts): NewDeltas {
  const groups = new Map<string, { index: number; part: string; text: string }[]>()
  for (const [index, { data }] of parseSse(wire).entries()) {
    const event = parseJsonOrUndefined(data)
    if (!isObject(event)) continue
    for (const [part, text] of listDeltaParts(event['delta'])) {
      const key = JSON.stringify([part, buildGroupKey(event)])
      const group = groups.get(key)
      if (group) group.push({ index, part, text })
      else groups.set(key, [{ index, part, text }])
    }
  }
  const found = new Map<number, Json>()
  for (const [key, group] of groups) {
    const whole = group.map(({ text }) => text).join('')
    const replaced = /arguments/.test(key) ? texts.replaceJsonText(whole) : texts.replaceText(whole)
    const cut = sliceLike(
      replaced,
      group.map(({ text }) => text),
    )
    for (const [at, { index, part }] of group.entries()) {
      const slice = cut[at] ?? ''
      const known = found.get(index)
      found.set(index, part === '' ? slice : { ...(isObject(known) ? known : {}), [part]: slice })
    }
  }
  return found
}

/** Returns what the deltas of one text have in common: type, item and indices. */
function buildGroupKey(event: JsonObject): Json[] {
  return Object.entries(event)
    .filter(([key]) => !['delta', 'sequence_number', 'obfuscation', 'logprobs'].includes(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, held]) => [key, held])
}

function listDeltaParts(delta: Json | undefined): [part: string, text: string][] {
  if (typeof delta === 'string') return [['', delta]]
  if (!isObject(delta)) return []
  return Object.entries(delta).flatMap(([part, text]): [string, string][] =>
    typeof text === 'string' ? [[part, text]] : [],
  )
}
