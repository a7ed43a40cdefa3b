import { isObject, type Json, type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { isEqual } from './equal.ts'
import { beginPart, checkPartClosed, closePart, findPart, type PartKind } from './parts.ts'
import { QUIRKS } from './quirks.ts'
import { checkSummary } from './reasoning.ts'
import { checkCommands, checkOutputRepeated } from './shell.ts'
import { type Item, type Part, reportBreach, reportQuirk, type StreamState } from './state.ts'

const RULES = {
  counts: {
    id: 'content-index-counts',
    statement: 'content_index counts 0, 1, 2, … in each item',
    source: 'GRAMMAR G42',
  },
  shape: {
    id: 'content-part-shape',
    statement:
      'A content part is empty when it is added. Its type is output_text or refusal in a message, reasoning_text in a reasoning item',
    source: 'GRAMMAR R23a; SDK type ResponseContentPartAddedEvent',
  },
  repeats: {
    id: 'content-part-repeats',
    statement: 'content_part.done repeats type, text and annotations of its part',
    source: 'GRAMMAR R23b, G44; R31b for annotations',
  },
  itemRepeats: {
    id: 'item-repeats-parts',
    statement: 'The content of a done item is its streamed parts, with their types and texts',
    source: 'GRAMMAR R24a',
  },
  annotationCounts: {
    id: 'annotation-index-counts',
    statement: 'annotation_index counts 0, 1, 2, … in each content part',
    source: 'GRAMMAR R31a',
  },
  annotations: {
    id: 'item-repeats-annotations',
    statement: 'The annotations of a done message are the streamed ones',
    source: 'GRAMMAR R31b',
  },
} as const satisfies Record<string, Rule>

export const contentPartRules: readonly Rule[] = Object.values(RULES)

export const OUTPUT_TEXT: PartKind = definePartKind('output_text', 'message', 'text')
export const REFUSAL: PartKind = definePartKind('refusal', 'message', 'refusal')
export const REASONING_TEXT: PartKind = definePartKind('reasoning_text', 'reasoning', 'text')

const KINDS = new Map([OUTPUT_TEXT, REFUSAL, REASONING_TEXT].map((kind) => [kind.type, kind]))

function definePartKind(type: string, item: string, field: string): PartKind {
  return { type, item, index: 'content_index', field }
}

export function onContentPartAdded(state: StreamState, item: Item, data: JsonObject): void {
  const kind = findPartKind(data)
  if (!kind && beginUnknownPart(state, item, data)) return
  if (!kind || (kind.item !== item.type && item.added !== undefined)) {
    reportBreach(state, RULES.shape, `found part ${toShortJson(data['part'])} in a ${item.type}`)
    return
  }
  const text = isObject(data['part']) ? data['part'][kind.field] : undefined
  if (text !== '')
    reportBreach(state, RULES.shape, `found ${kind.field} ${toShortJson(text)} in an added part, expected ""`)
  beginPart(state, item, item.parts, kind.type, data['content_index'], RULES.counts)
}

export function onContentPartDone(state: StreamState, item: Item, data: JsonObject, event: string): void {
  const kind = findPartKind(data)
  if (!kind && item.part?.unknown && tryToEndUnknownPart(item, data)) return
  if (!kind) {
    reportBreach(state, RULES.shape, `found part ${toShortJson(data['part'])} in a ${item.type}`)
    return
  }
  const closed = closePart(state, item, data, kind, event)
  if (!closed || !isObject(data['part'])) return
  checkPartRepeats(state, kind, closed, data['part'])
}

function checkPartRepeats(state: StreamState, kind: PartKind, part: Part, told: JsonObject): void {
  if (told[kind.field] !== part.text) {
    const expected = `expected ${toShortJson(part.text)}`
    reportBreach(state, RULES.repeats, `found ${kind.field} ${toShortJson(told[kind.field])}, ${expected}`)
  }
  if (kind !== OUTPUT_TEXT || !part.whole || isEqual(told['annotations'] ?? [], part.annotations)) return
  const expected = `expected the ${part.annotations.length} that were streamed`
  reportBreach(state, RULES.repeats, `found annotations ${toShortJson(told['annotations'])}, ${expected}`)
}

/**
 * Begins a part of a type that the grammar does not know, because the API may add types. The checker then checks the
 * index of the part, and that the part is done.
 */
function beginUnknownPart(state: StreamState, item: Item, data: JsonObject): boolean {
  const type = readPartType(data)
  if (type === undefined || (item.type !== 'message' && item.type !== 'reasoning')) return false
  reportQuirk(state, QUIRKS.unknownPart, `${item.id} has a part of type ${type}`)
  beginPart(state, item, item.parts, type, data['content_index'], RULES.counts)
  if (item.part) item.part.unknown = true
  return true
}

function tryToEndUnknownPart(item: Item, data: JsonObject): boolean {
  const { part } = item
  if (!part || part.type !== readPartType(data) || part.index !== data['content_index']) return false
  if (part.stage === 'closed') return false
  part.stage = 'closed'
  return true
}

function readPartType({ part }: JsonObject): string | undefined {
  return isObject(part) && typeof part['type'] === 'string' ? part['type'] : undefined
}

function findPartKind(data: JsonObject): PartKind | undefined {
  const { part } = data
  return isObject(part) && typeof part['type'] === 'string' ? KINDS.get(part['type']) : undefined
}

export function onAnnotation(state: StreamState, item: Item, data: JsonObject, event: string): void {
  const open = findPart(state, item, data, OUTPUT_TEXT, event)
  if (!open) return
  const { annotation_index: index, annotation } = data
  const expected = open.nextAnnotation
  if (index !== expected && (open.whole || expected > 0)) {
    reportBreach(
      state,
      RULES.annotationCounts,
      `found annotation_index ${toShortJson(index)}, expected ${expected}`,
    )
  }
  open.nextAnnotation = (typeof index === 'number' ? index : expected) + 1
  open.annotations.push(isObject(annotation) ? annotation : {})
}

/** Checks that a done item repeats its streamed parts: contents, summaries, commands. */
export function checkParts(state: StreamState, item: Item, done: JsonObject): void {
  checkPartClosed(state, item, 'its item is done')
  if (item.type === 'message') checkContent(state, item, done)
  else if (item.type === 'reasoning') {
    if (item.parts.length > 0) checkContent(state, item, done)
    checkSummary(state, item, done)
  } else if (item.type === 'shell_call') checkCommands(state, item, done)
  else if (item.type === 'shell_call_output') checkOutputRepeated(state, item)
}

function checkContent(state: StreamState, item: Item, { content, status }: JsonObject): void {
  const count = Array.isArray(content) ? content.length : -1
  if (!Array.isArray(content) || count !== item.parts.length || (count === 0 && status === 'completed')) {
    const expected = `expected the ${item.parts.length} parts that were streamed, at least one`
    reportBreach(state, RULES.itemRepeats, `found content ${toShortJson(content)}, ${expected}`)
    return
  }
  for (const streamed of item.parts) checkPartRepeated(state, streamed, content[streamed.index])
}

function checkPartRepeated(state: StreamState, streamed: Part, told: Json | undefined): void {
  const kind = KINDS.get(streamed.type)
  if (streamed.unknown && isObject(told) && told['type'] === streamed.type) return
  if (!kind || !isObject(told) || told['type'] !== kind.type || told[kind.field] !== streamed.text) {
    const expected = `expected ${streamed.type} ${toShortJson(streamed.text)}`
    reportBreach(state, RULES.itemRepeats, `found content part ${toShortJson(told)}, ${expected}`)
    return
  }
  if (kind !== OUTPUT_TEXT) return
  const annotations = told['annotations'] ?? []
  if (isEqual(annotations, streamed.annotations)) return
  const expected = `expected the ${streamed.annotations.length} that were streamed`
  reportBreach(state, RULES.annotations, `found annotations ${toShortJson(annotations)}, ${expected}`)
}
