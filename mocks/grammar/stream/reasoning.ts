import { isObject, type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { beginPart, closePart, type PartKind } from './parts.ts'
import { type Item, reportBreach, type StreamState } from './state.ts'

const RULES = {
  counts: {
    id: 'summary-index-counts',
    statement: 'summary_index counts 0, 1, 2, … in each reasoning item',
    source: 'GRAMMAR G46',
  },
  shape: {
    id: 'summary-part-shape',
    statement: 'A summary part is of type summary_text and empty when it is added',
    source: 'GRAMMAR, SUMMARYPART; API reference: response.reasoning_summary_part.added',
  },
  repeats: {
    id: 'summary-part-repeats',
    statement: 'reasoning_summary_part.done repeats the text of its part',
    source: 'GRAMMAR, SUMMARYPART; API reference: response.reasoning_summary_part.done',
  },
  itemRepeats: {
    id: 'item-repeats-summary',
    statement: 'The summary of a done reasoning item is its streamed summary parts',
    source: 'GRAMMAR R24f',
  },
} as const satisfies Record<string, Rule>

export const reasoningRules: readonly Rule[] = Object.values(RULES)

export const SUMMARY_TEXT: PartKind = {
  type: 'summary_text',
  item: 'reasoning',
  index: 'summary_index',
  field: 'text',
}

export function onSummaryPartAdded(state: StreamState, item: Item, data: JsonObject): void {
  const { part } = data
  if (!isObject(part) || part['type'] !== 'summary_text' || part['text'] !== '') {
    reportBreach(state, RULES.shape, `found part ${toShortJson(part)}, expected an empty summary_text`)
  }
  beginPart(state, item, item.summary, 'summary_text', data['summary_index'], RULES.counts)
}

export function onSummaryPartDone(state: StreamState, item: Item, data: JsonObject, event: string): void {
  const closed = closePart(state, item, data, SUMMARY_TEXT, event)
  if (!closed) return
  const { part } = data
  if (isObject(part) && part['text'] === closed.text) return
  reportBreach(
    state,
    RULES.repeats,
    `found part ${toShortJson(part)}, expected text ${toShortJson(closed.text)}`,
  )
}

export function checkSummary(state: StreamState, item: Item, { summary }: JsonObject): void {
  const same =
    Array.isArray(summary) &&
    summary.length === item.summary.length &&
    summary.every((told, at) => isObject(told) && told['text'] === item.summary[at]?.text)
  if (same) return
  const expected = `expected the ${item.summary.length} parts that were streamed`
  reportBreach(state, RULES.itemRepeats, `found summary ${toShortJson(summary)}, ${expected}`)
}
