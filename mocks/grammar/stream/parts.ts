import { type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { checkTextRepeated, readDelta } from './deltas.ts'
import { QUIRKS } from './quirks.ts'
import { type Item, type Part, reportBreach, reportQuirk, type StreamState } from './state.ts'

/**
 * A kind of text that streams in numbered parts of an item. An `.added` event begins a part, deltas fill it, the
 * `.done` event of its text repeats the text, and for some kinds `part.done` closes it.
 */
export interface PartKind {
  type: string
  /** The type of the items that have such parts. */
  item: string
  /** The name of the field with the number of the part: content_index, summary_index or command_index. */
  index: string
  /** The name of the field with the text. */
  field: string
}

const RULES = {
  notNested: {
    id: 'parts-not-nested',
    statement: 'A part is closed before the next begins and before its item is done',
    source: 'GRAMMAR G43, R14',
  },
  inside: {
    id: 'part-events-inside',
    statement: 'The events of a part name the part that is open, by index and type',
    source: 'GRAMMAR G44, G45',
  },
  order: {
    id: 'part-events-ordered',
    statement:
      'A part begins, deltas fill it, one done event repeats its text, and one event closes it, in this order',
    source: 'GRAMMAR R20, per-item event patterns',
  },
} as const satisfies Record<string, Rule>

export const partRules: readonly Rule[] = Object.values(RULES)

/** Begins a part in `list`. `counts` is the rule for its index. */
export function beginPart(
  state: StreamState,
  item: Item,
  list: Part[],
  type: string,
  index: unknown,
  counts: Rule,
): void {
  checkPartClosed(state, item, 'another part begins')
  const expected = (list.at(-1)?.index ?? -1) + 1
  const unknownStart = item.added === undefined && list.length === 0
  if (index !== expected && !(unknownStart && typeof index === 'number')) {
    reportBreach(state, counts, `found index ${toShortJson(index)}, expected ${expected}`)
  }
  item.part = createPart(typeof index === 'number' ? index : expected, type)
  list.push(item.part)
}

export function createPart(index: number, type: string, whole = true): Part {
  return { index, type, text: '', annotations: [], nextAnnotation: 0, stage: 'open', whole }
}

/** Reports a part that is still open. */
export function checkPartClosed(state: StreamState, item: Item, because: string): void {
  const { part } = item
  if (!part || part.stage === 'closed') return
  reportBreach(
    state,
    RULES.notNested,
    `${part.type} ${part.index} of ${item.id} is not done while ${because}`,
  )
}

/** Returns the open part that an event belongs to. If there is none, reports that and returns undefined. */
export function findPart(
  state: StreamState,
  item: Item,
  data: JsonObject,
  kind: PartKind,
  event: string,
): Part | undefined {
  const { part } = item
  const index = data[kind.index]
  if (part !== undefined && part.index === index && part.type === kind.type) {
    if (part.stage !== 'closed') return part
    reportBreach(state, RULES.order, `found ${event} after its part was closed`)
    return undefined
  }
  if (part === undefined && item.added === undefined && typeof index === 'number') {
    item.part = createPart(index, kind.type, false)
    return item.part
  }
  if (isBareReasoning(item, kind, index)) {
    reportQuirk(state, QUIRKS.reasoningTextBare, `${event} comes without a content part`)
    item.part = { ...createPart(index, kind.type), bare: true }
    item.parts.push(item.part)
    return item.part
  }
  const open = part ? `${part.type} ${part.index}` : 'none'
  reportBreach(
    state,
    RULES.inside,
    `found ${event} for ${kind.type} ${toShortJson(index)}, the open part is ${open}`,
  )
  return undefined
}

/** Returns whether an event begins reasoning text without a content part around it. */
function isBareReasoning(item: Item, kind: PartKind, index: unknown): index is number {
  const closed = item.part === undefined || item.part.stage === 'closed'
  return kind.type === 'reasoning_text' && item.type === 'reasoning' && closed && index === item.parts.length
}

/**
 * Returns the open part if the done event of its text has not come. Otherwise reports that, with `late` as the reason.
 */
function findPartBeforeDone(
  state: StreamState,
  item: Item,
  data: JsonObject,
  kind: PartKind,
  event: string,
  late: string,
): Part | undefined {
  const part = findPart(state, item, data, kind, event)
  if (!part || part.stage === 'open') return part
  reportBreach(state, RULES.order, `found ${event} ${late}`)
  return undefined
}

export function onPartDelta(
  state: StreamState,
  item: Item,
  data: JsonObject,
  kind: PartKind,
  event: string,
): void {
  const part = findPartBeforeDone(state, item, data, kind, event, 'after the text was done')
  if (part) part.text += readDelta(state, data)
}

export function onPartTextDone(
  state: StreamState,
  item: Item,
  data: JsonObject,
  kind: PartKind,
  event: string,
): void {
  const part = findPartBeforeDone(state, item, data, kind, event, 'a second time')
  if (!part) return
  part.stage = part.bare ? 'closed' : 'told'
  const told = data[kind.field]
  checkTextRepeated(state, part.text, told, part.whole, kind.field)
  if (typeof told === 'string') part.text = told
}

/**
 * Closes a part and returns it, so that it can be compared. Returns undefined if there is no part or if its text is
 * unknown.
 */
export function closePart(
  state: StreamState,
  item: Item,
  data: JsonObject,
  kind: PartKind,
  event: string,
): Part | undefined {
  const part = findPart(state, item, data, kind, event)
  if (!part) return undefined
  const { stage, whole } = part
  part.stage = 'closed'
  if (stage === 'told') return part
  if (!whole && part.text === '') return undefined
  reportBreach(state, RULES.order, `found ${event}, expected the done event of its text before`)
  return part
}
