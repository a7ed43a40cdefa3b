import { isObject, type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { checkParts } from './content-parts.ts'
import { checkItemText } from './deltas.ts'
import { checkPatternEnd } from './item-events.ts'
import { checkPartClosed } from './parts.ts'
import {
  ADDED_COMPLETED,
  CONSTANT_FIELDS,
  EMPTY_AT_FIRST,
  HOSTED_CALLS,
  ITEM_TYPES,
  WITH_STATUS,
  WITHOUT_STATUS,
} from './patterns.ts'
import { QUIRKS } from './quirks.ts'
import { didBeginInside, type Item, reportBreach, reportQuirk, type StreamState } from './state.ts'
import { checkCall } from './tool-calls.ts'

const RULES = {
  shape: {
    id: 'item-shape',
    statement: 'output_item.added and output_item.done have an output_index and an item with id and type',
    source: 'API reference: response.output_item.added, response.output_item.done',
  },
  indexCounts: {
    id: 'output-index-counts',
    statement: 'output_index of output_item.added counts 0, 1, 2, …',
    source: 'GRAMMAR R12',
  },
  notInterleaved: {
    id: 'items-not-interleaved',
    statement: 'An item is done before the next is added',
    source: 'GRAMMAR R14',
  },
  inside: {
    id: 'item-events-inside',
    statement: 'The events of an item come between its one added event and its one done event',
    source: 'GRAMMAR R13',
  },
  id: {
    id: 'item-id-constant',
    statement: 'An item has one id in all its events',
    source: 'GRAMMAR R16, R17a',
  },
  idsUnique: {
    id: 'item-ids-unique',
    statement: 'No two items of a stream have the same id',
    source: 'GRAMMAR J66',
  },
  type: {
    id: 'item-type-constant',
    statement: 'An item has the same type in added and done',
    source: 'GRAMMAR R17b',
  },
  kept: {
    id: 'item-fields-kept',
    statement: 'An item keeps its call_id, name, namespace, role, server_label and execution',
    source:
      'GRAMMAR R19c for call_id and name; the other fields: 172 of 172 done items of the recordings in docs/grammar.md',
  },
  addedStatus: {
    id: 'item-added-status',
    statement:
      'An item with a status is added with in_progress. reasoning and some other types have no status',
    source: 'GRAMMAR R18a, R18c',
  },
  doneStatus: {
    id: 'item-done-status',
    statement: 'An item with a status is done as completed or incomplete. A hosted call may also be failed',
    source: 'GRAMMAR R18b; SERVICE-FACTS 9; SDK types for failed',
  },
  startsEmpty: {
    id: 'item-starts-empty',
    statement: 'A field that deltas fill is empty when the item is added',
    source: 'GRAMMAR R19a, R19b, R19d',
  },
} as const satisfies Record<string, Rule>

export const itemRules: readonly Rule[] = Object.values(RULES)

export function onItemAdded(state: StreamState, data: JsonObject): void {
  const found = readItem(state, data)
  if (!found) return
  const { index, added, id, type } = found
  if (didBeginInside(state) && state.items.size === 0) state.nextIndex = index
  if (index !== state.nextIndex) {
    reportBreach(state, RULES.indexCounts, `found output_index ${index}, expected ${state.nextIndex}`)
    if (state.items.has(index)) return
  }
  checkInterleaving(state, type)
  if (state.ids.has(id)) reportBreach(state, RULES.idsUnique, `found item id ${id} a second time`)
  state.ids.add(id)
  const item = createItem(index, type, id, added)
  state.items.set(index, item)
  state.open.add(item)
  state.nextIndex = Math.max(state.nextIndex, index + 1)
  state.current = item
  if (isApprovedCall(added)) rememberArguments(state, item, added)
  if (ITEM_TYPES.has(type)) checkAdded(state, added, type)
  else reportQuirk(state, QUIRKS.unknownItem, `item ${id} is of type ${type}`)
}

function createItem(index: number, type: string, id: string, added: JsonObject | undefined): Item {
  return {
    index,
    type,
    id,
    added,
    done: undefined,
    step: 0,
    seen: 0,
    text: '',
    parts: [],
    summary: [],
    part: undefined,
    told: false,
    images: 0,
  }
}

/** Returns whether an item is an mcp_call that the user approved. Its arguments are known before the call is added. */
function isApprovedCall({ type, approval_request_id: approved }: JsonObject): boolean {
  return type === 'mcp_call' && typeof approved === 'string'
}

function rememberArguments(state: StreamState, item: Item, added: JsonObject): void {
  item.told = true
  if (typeof added['arguments'] === 'string') item.text = added['arguments']
  reportQuirk(
    state,
    QUIRKS.approvedCallTold,
    `${item.id} answers ${toShortJson(added['approval_request_id'])}`,
  )
}

/** The number of open items that are checked when another item is added. A legal stream has at most one. */
const MOST_OPEN = 16

function checkInterleaving(state: StreamState, type: string): void {
  if (state.open.size === 0) return
  const lists = type === 'mcp_list_tools' || state.quirks.has(QUIRKS.interleavedItems.id)
  let looked = 0
  for (const { type: open, id } of state.open) {
    // Without a limit, a stream that never ends its items would take quadratic time and report as many breaches.
    if (++looked > MOST_OPEN) return
    if (lists && open === 'mcp_list_tools') {
      reportQuirk(state, QUIRKS.interleavedItems, `${id} is open while another item is added`)
    } else {
      reportBreach(state, RULES.notInterleaved, `item ${id} (${open}) is not done while another is added`)
      return
    }
  }
}

function checkAdded(state: StreamState, added: JsonObject, type: string): void {
  const { status } = added
  if (status === 'completed' && ADDED_COMPLETED.has(type)) {
    reportQuirk(state, QUIRKS.itemAddedCompleted, `${type} is added with status completed`)
  } else if (type === 'reasoning' && status !== undefined) {
    reportQuirk(state, QUIRKS.reasoningStatus, `reasoning is added with status ${toShortJson(status)}`)
  } else if (WITHOUT_STATUS.has(type) ? status !== undefined : isWrongStart(type, status)) {
    const expected = WITHOUT_STATUS.has(type) ? 'none' : 'in_progress'
    reportBreach(
      state,
      RULES.addedStatus,
      `found ${type} with status ${toShortJson(status)}, expected ${expected}`,
    )
  }
  const [field, empty] = EMPTY_AT_FIRST.get(type) ?? []
  if (field === undefined || isApprovedCall(added)) return
  const value = added[field]
  if (empty === 'list' ? Array.isArray(value) && value.length === 0 : value === empty) return
  reportBreach(
    state,
    RULES.startsEmpty,
    `found ${field} ${toShortJson(value)} in an added ${type}, expected it empty`,
  )
}

function isWrongStart(type: string, status: unknown): boolean {
  return status === undefined ? WITH_STATUS.has(type) : status !== 'in_progress'
}

export function onItemDone(state: StreamState, data: JsonObject): void {
  const found = readItem(state, data)
  if (!found) return
  const { added: done, id, type } = found
  const item = findOpenItem(state, found.index, id, 'output_item.done')
  if (!item) return
  state.open.delete(item)
  item.done = done
  if (item.id === '') item.id = id
  if (item.id !== id) reportBreach(state, RULES.id, `found item id ${id} in done, expected ${item.id}`)
  if (item.added === undefined) {
    checkInheritedItem(state, item, done)
    return
  }
  if (item.type !== type) {
    reportBreach(state, RULES.type, `found item type ${type} in done, expected ${item.type}`)
    return
  }
  for (const key of CONSTANT_FIELDS) {
    if (item.added[key] === done[key]) continue
    const was = `it was added with ${toShortJson(item.added[key])}`
    reportBreach(state, RULES.kept, `found ${key} ${toShortJson(done[key])} in done ${type}, ${was}`)
  }
  if (!ITEM_TYPES.has(type)) return
  checkPatternEnd(state, item, done)
  checkParts(state, item, done)
  checkItemText(state, item, done)
  checkDoneStatus(state, done, type)
  checkCall(state, item, done)
}

/** Checks an item inside which a resumed stream began. Only the end of the item is known. */
function checkInheritedItem(state: StreamState, item: Item, done: JsonObject): void {
  item.type = String(done['type'])
  checkPartClosed(state, item, 'its item is done')
  checkItemText(state, item, done)
}

function checkDoneStatus(state: StreamState, done: JsonObject, type: string): void {
  const { status } = done
  if (status === 'completed' || status === 'incomplete') return
  if (status === undefined ? !WITH_STATUS.has(type) : HOSTED_CALLS.has(type) && status === 'failed') return
  if (type === 'reasoning' && status === null) {
    reportQuirk(state, QUIRKS.reasoningStatus, 'reasoning is done with status null')
    return
  }
  if (type === 'function_call' && isObject(done['caller'])) {
    reportQuirk(
      state,
      QUIRKS.programmaticCallStatus,
      `function_call is done with status ${toShortJson(status)}`,
    )
    return
  }
  if (HOSTED_CALLS.has(type)) {
    reportQuirk(state, QUIRKS.itemDoneUnfinished, `${type} is done with status ${toShortJson(status)}`)
    return
  }
  reportBreach(
    state,
    RULES.doneStatus,
    `found ${type} done with status ${toShortJson(status)}, expected completed`,
  )
}

/** Returns the item that an event belongs to. If there is none, reports that and returns undefined. */
export function findItem(state: StreamState, data: JsonObject, type: string): Item | undefined {
  const index = data['output_index']
  const current = state.current
  const id = data['item_id']
  if (current !== undefined && current.index === index && current.done === undefined) {
    if (current.id === id || (id === undefined && type.startsWith('response.shell_call_command.')))
      return current
    reportBreach(state, RULES.id, `found item_id ${toShortJson(id)} in ${type}, expected ${current.id}`)
    return current
  }
  if (typeof index !== 'number') {
    reportBreach(state, RULES.shape, `found output_index ${toShortJson(index)} in ${type}, expected a number`)
    return undefined
  }
  const item = findOpenItem(state, index, typeof id === 'string' ? id : '', type)
  if (!item) return undefined
  state.current = item
  return findItem(state, data, type)
}

function findOpenItem(state: StreamState, index: number, id: string, type: string): Item | undefined {
  const item = state.items.get(index)
  if (item && item.done === undefined) return item
  if (!item && didBeginInside(state) && state.items.size === 0) {
    const inherited = createItem(index, '', id, undefined)
    state.items.set(index, inherited)
    state.ids.add(id)
    state.open.add(inherited)
    state.nextIndex = index + 1
    return inherited
  }
  const reason = item ? 'it is done already' : 'no such item was added'
  reportBreach(state, RULES.inside, `found ${type} for output_index ${index}, ${reason}`)
  return undefined
}

function readItem(
  state: StreamState,
  data: JsonObject,
): { index: number; added: JsonObject; id: string; type: string } | undefined {
  const { item, output_index: index } = data
  if (typeof index === 'number' && isObject(item)) {
    const { id, type } = item
    if (typeof id === 'string' && typeof type === 'string') return { index, added: item, id, type }
  }
  const found = `output_index ${toShortJson(index)}, item ${toShortJson(item)}`
  reportBreach(state, RULES.shape, `found ${found}, expected a number and an item with id and type`)
  return undefined
}
