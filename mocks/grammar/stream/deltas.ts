import { toDifferingJson } from '../../differing-texts.ts'
import { isObject, type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { REPEATED_FIELD } from './patterns.ts'
import { QUIRKS } from './quirks.ts'
import { type Item, reportBreach, reportQuirk, type StreamState } from './state.ts'

const RULES = {
  nonEmpty: {
    id: 'delta-non-empty',
    statement: 'A delta is a non-empty string',
    source: 'GRAMMAR G41',
  },
  addUp: {
    id: 'deltas-add-up',
    statement: 'The deltas of a text, joined, are the text of its done event',
    source: 'GRAMMAR R21; R22 for a text that is not empty',
  },
  told: {
    id: 'item-repeats-deltas',
    statement: 'arguments, code, input and diff in output_item.done are the joined deltas',
    source: 'GRAMMAR R24b, R24d, R24e',
  },
} as const satisfies Record<string, Rule>

export const deltaRules: readonly Rule[] = Object.values(RULES)

/** Returns the delta of an event. If there is none, reports that and returns an empty string. */
export function readDelta(state: StreamState, data: JsonObject): string {
  const { delta, obfuscation } = data
  if (typeof delta !== 'string' || delta === '') {
    reportBreach(state, RULES.nonEmpty, `found delta ${toShortJson(delta)}, expected a non-empty string`)
    return ''
  }
  if (typeof obfuscation === 'string' && ((delta.length + obfuscation.length) & 15) !== 0) {
    reportQuirk(
      state,
      QUIRKS.obfuscationUnpadded,
      `found ${delta.length} and ${obfuscation.length} characters`,
    )
  }
  return delta
}

/**
 * Checks that a done event repeats the joined deltas. If the text began before a resumed stream, it must end with the
 * deltas.
 */
export function checkTextRepeated(
  state: StreamState,
  text: string,
  told: unknown,
  whole: boolean,
  what: string,
): void {
  if (told === text || (!whole && typeof told === 'string' && told.endsWith(text))) return
  const [found, given] = toDifferingJson(told, text)
  reportBreach(state, RULES.addUp, `found ${what} ${found}, the deltas give ${given}`)
}

export function onItemDelta(state: StreamState, item: Item, data: JsonObject): void {
  if (item.told) item.text = ''
  item.told = false
  item.text += readDelta(state, data)
}

export function onItemTextDone(state: StreamState, item: Item, data: JsonObject): void {
  const field = REPEATED_FIELD.get(item.type)
  if (field === undefined) return
  checkTextRepeated(state, item.text, data[field], item.added !== undefined, field)
}

/** Checks that a done item repeats the text of its own deltas. */
export function checkItemText(state: StreamState, item: Item, done: JsonObject): void {
  const field = REPEATED_FIELD.get(item.type)
  if (field === undefined) return
  const holder = field === 'diff' ? done['operation'] : done
  const value = isObject(holder) ? holder[field] : undefined
  if (value === item.text || (value === undefined && item.text === '')) return
  if (item.told && item.text === '') return
  if (item.added === undefined && typeof value === 'string' && value.endsWith(item.text)) return
  const [found, given] = toDifferingJson(value, item.text)
  reportBreach(state, RULES.told, `found ${field} ${found} in the item, the deltas give ${given}`)
}
