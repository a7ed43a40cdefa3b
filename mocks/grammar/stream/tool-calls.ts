import { type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { type Item, reportBreach, type StreamState } from './state.ts'

const RULES = {
  named: {
    id: 'call-named',
    statement: 'A function_call has a name and a call_id',
    source: 'GRAMMAR R19c, J68, J70',
  },
  json: {
    id: 'arguments-json',
    statement: 'The arguments of a completed function_call are valid JSON',
    source: 'GRAMMAR R25; partial arguments of an incomplete one: SERVICE-FACTS 9',
  },
} as const satisfies Record<string, Rule>

export const toolCallRules: readonly Rule[] = Object.values(RULES)

/** Checks a done function_call. */
export function checkCall(state: StreamState, item: Item, done: JsonObject): void {
  if (item.type !== 'function_call') return
  if (!isText(done['name']) || !isText(done['call_id'])) {
    const found = `name ${toShortJson(done['name'])}, call_id ${toShortJson(done['call_id'])}`
    reportBreach(state, RULES.named, `found ${found}, expected both as text`)
  }
  if (done['status'] === 'incomplete' || isJson(done['arguments'])) return
  reportBreach(state, RULES.json, `found arguments ${toShortJson(done['arguments'])}, expected valid JSON`)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isJson(text: unknown): boolean {
  if (typeof text !== 'string') return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
