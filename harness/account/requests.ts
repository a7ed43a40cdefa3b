import { toDifferingJson } from '../../mocks/differing-texts.ts'
import type { JsonObject } from '../../mocks/json.ts'
import { toShortJson } from '../../mocks/json.ts'
import { findMark, readItemText, readRole } from '../history/items.ts'
import { isNested, type RequestRecord, type RunRecord } from '../history/runs.ts'
import { findCanaries } from '../plan/canary.ts'
import type { AnswerText, Call, ConversationAccount, Entry, ToolResult } from './entries.ts'
import {
  containsMessageOf,
  containsText,
  hasArguments,
  isMessageOf,
  isResultTold,
  listAnswerForms,
} from './forms.ts'
import { hasChangedHands, listOwed, type Owed } from './owed.ts'

/** A difference between what a request contains and the account of its conversation. */
export interface Discrepancy {
  what: 'lost' | 'reordered' | 'altered'
  entry: Entry
  level: Owed['level']
  message: string
}

/** The items of a request's context, indexed by what they are about. */
interface ContextIndex {
  texts: readonly string[]
  /** Places of messages by the canaries that they contain. */
  byCanary: ReadonlyMap<string, number[]>
  calls: ReadonlyMap<string, number>
  outputs: ReadonlyMap<string, number>
}

function indexContext(context: readonly JsonObject[]): ContextIndex {
  const texts: string[] = []
  const byCanary = new Map<string, number[]>()
  const calls = new Map<string, number>()
  const outputs = new Map<string, number>()
  context.forEach((item, place) => {
    const { type, call_id: id } = item
    if (type === 'function_call') calls.set(String(id), place)
    else if (type === 'function_call_output') outputs.set(String(id), place)
    const text = readRole(item) === undefined ? '' : readItemText(item)
    texts.push(text)
    for (const canary of findCanaries(text)) {
      const places = byCanary.get(canary)
      if (places === undefined) byCanary.set(canary, [place])
      else places.push(place)
    }
  })
  return { texts, byCanary, calls, outputs }
}

/** Returns what a request lacks of what it must contain, and what it has in another order. */
export function findLosses(
  account: ConversationAccount,
  request: RequestRecord,
  story: RunRecord,
): Discrepancy[] {
  const index = indexContext(request.asked.context)
  const used = new Set<number>()
  let [floor, high, rank] = [-1, -1, -1]
  return listOwed(account, request, story).flatMap((owed): Discrepancy[] => {
    const { entry, level } = owed
    if (owed.rank !== rank) [rank, floor] = [owed.rank, high]
    const lacks = (what: string) => [{ what: 'lost' as const, entry, level, message: `lacks ${what}` }]
    if (level === 'should') return isRetold(entry, index) ? [] : lacks(describeEntry(entry))
    const places = listPlaces(entry, index)
    if (places === undefined) return lacks(describeEntry(entry))
    if (places.length === 0) return []
    const free = places.filter((place) => !used.has(place))
    const place = free.find((one) => one >= floor)
    if (place === undefined && free.length === 0 && findCanaries(describeText(entry)).length === 0)
      return lacks(describeEntry(entry))
    const found = place ?? free[0] ?? places[0] ?? -1
    if (findCanaries(describeText(entry)).length === 0) used.add(found)
    if (found < floor)
      return [{ what: 'reordered', entry, level, message: `has ${describeEntry(entry)} out of order` }]
    high = Math.max(high, found)
    return []
  })
}

/**
 * Returns the places in a context at which an entry begins. Undefined: the entry is missing. Empty: the entry has no text that
 * could be found.
 */
function listPlaces(entry: Entry, index: ContextIndex): readonly number[] | undefined {
  switch (entry.kind) {
    case 'user message':
      return entry.text === '' ? [] : emptyToUndefined(listPlacesOfText(entry.text, index))
    case 'answer':
      return listPlacesOfAnswer(entry, index)
    case 'call': {
      const place = index.calls.get(entry.id)
      return place === undefined || !index.outputs.has(entry.id) ? undefined : [place]
    }
    case 'result': {
      const place = index.outputs.get(entry.call.id)
      return place === undefined ? undefined : [place]
    }
  }
}

function emptyToUndefined(places: readonly number[]): readonly number[] | undefined {
  return places.length === 0 ? undefined : places
}

/**
 * Returns the places of messages that contain the first mark of a text, if all its marks occur. A short text without a canary
 * must be a whole message.
 */
function listPlacesOfText(text: string, { texts, byCanary }: ContextIndex): number[] {
  const canaries = findCanaries(text)
  const [canary] = canaries
  if (canary !== undefined)
    return canaries.every((one) => byCanary.has(one)) ? (byCanary.get(canary) ?? []) : []
  const isUnique = findMark(text) !== undefined
  return texts.flatMap((one, place) => (one === text || (isUnique && containsText(one, text)) ? [place] : []))
}

function listPlacesOfAnswer(answer: AnswerText, index: ContextIndex): readonly number[] | undefined {
  for (const form of listAnswerForms(answer)) {
    const places = form.map((text) => listPlacesOfText(text, index))
    if (places.every(({ length }) => length > 0)) return places[0] ?? []
  }
  return undefined
}

/** Returns whether another agent's work is told in words. Calls, and results that are no text, need not be told. */
function isRetold(entry: Entry, index: ContextIndex): boolean {
  if (entry.kind === 'call') return true
  if (entry.kind === 'answer') return listPlacesOfAnswer(entry, index) !== undefined
  if (entry.kind === 'user message') return listPlacesOfText(entry.text, index).length > 0
  if (typeof entry.result !== 'string' || findMark(entry.result) === undefined) return true
  return index.outputs.has(entry.call.id) || listPlacesOfText(entry.result, index).length > 0
}

/** Returns an entry in words for a message. */
function describeEntry(entry: Entry): string {
  switch (entry.kind) {
    case 'user message':
      return `the user message ${toShortJson(entry.text)}`
    case 'answer':
      return `the answer ${toShortJson(describeText(entry))}`
    case 'call':
      return `the call of ${entry.name} (${entry.id}) or its output`
    case 'result':
      return `the result of ${entry.call.name} (${entry.call.id})`
  }
}

/** Returns what the model should be given for a call. */
function readResult({ result, answer }: ToolResult): unknown {
  return answer === undefined ? result : listAnswerForms(answer)[0]?.join('')
}

/** Returns the text of an entry. A call has its arguments here. */
function describeText(entry: Entry): string {
  if (entry.kind === 'user message') return entry.text
  if (entry.kind === 'answer') return listAnswerForms(entry)[0]?.join('') ?? ''
  if (entry.kind === 'call') return entry.args
  return toShortJson(readResult(entry))
}

/**
 * Returns the items of a request that are about an entry of the conversation, but are not exactly that entry. After a handoff, a
 * runtime may put a text into other words around it, but the text itself must be whole.
 */
export function findAlterations(
  account: ConversationAccount,
  request: RequestRecord,
  story: RunRecord,
): Discrepancy[] {
  const known = indexEntries(account, request.at)
  const free = isNested(request, story) || hasChangedHands(account, request.at)
  return request.asked.context.flatMap((item): Discrepancy[] => {
    const role = readRole(item)
    const found =
      role === undefined ? findAlteredCall(item, known) : findAlteredMessage(item, role, known, free)
    return found === undefined ? [] : [{ what: 'altered', level: 'must', ...found }]
  })
}

type Altered = Pick<Discrepancy, 'entry' | 'message'>

interface EntryIndex {
  byCanary: ReadonlyMap<string, Entry>
  calls: ReadonlyMap<string, Call>
  results: ReadonlyMap<string, ToolResult>
}

function indexEntries({ entries }: ConversationAccount, before: number): EntryIndex {
  const byCanary = new Map<string, Entry>()
  const calls = new Map<string, Call>()
  const results = new Map<string, ToolResult>()
  for (const entry of entries) {
    if (entry.at >= before) continue
    if (entry.kind === 'call') calls.set(entry.id, entry)
    else if (entry.kind === 'result') results.set(entry.call.id, entry)
    else for (const canary of findCanaries(describeText(entry))) byCanary.set(canary, entry)
  }
  return { byCanary, calls, results }
}

function findAlteredCall(item: JsonObject, { calls, results }: EntryIndex): Altered | undefined {
  const id = String(item['call_id'])
  const call = calls.get(id)
  if (call === undefined) return undefined
  if (item['type'] === 'function_call') {
    const [name, args] = [String(item['name']), String(item['arguments'] ?? '')]
    if (name === call.name && hasArguments(call, args)) return undefined
    const [is, was] = toDifferingJson(args, call.args)
    const message = `has the call ${id} as ${name}(${is}), expected ${call.name}(${was})`
    return { entry: call, message }
  }
  const result = item['type'] === 'function_call_output' ? results.get(id) : undefined
  if (result === undefined || call.target !== undefined || isResultTold(result, readItemText(item)))
    return undefined
  const [is, was] = toDifferingJson(readItemText(item), readResult(result))
  const message = `has the output ${is} for ${call.name} (${id}), expected ${was}`
  return { entry: result, message }
}

function findAlteredMessage(
  item: JsonObject,
  role: string,
  { byCanary }: EntryIndex,
  free: boolean,
): Altered | undefined {
  const text = readItemText(item)
  const about = new Set(findCanaries(text).flatMap((canary) => byCanary.get(canary) ?? []))
  const [entry, another] = about
  // A message about several entries is a summary of the runtime's own.
  if (entry === undefined || another !== undefined) return undefined
  const owner = entry.kind === 'user message' ? 'user' : 'assistant'
  const isExact = entry.kind === 'user message' ? text === entry.text : isExactAnswer(entry, text)
  if (isExact && (free || role === owner)) return undefined
  if (free && containsWhole(entry, text)) return undefined
  const [is, was] = toDifferingJson(text, describeText(entry))
  const message = isExact
    ? `has the ${entry.kind} in the role ${role}, expected ${owner}`
    : `has the ${entry.kind} ${is}, expected ${was}`
  return { entry, message }
}

function isExactAnswer(entry: Entry, text: string): boolean {
  return entry.kind === 'answer' && isMessageOf(entry, text)
}

function containsWhole(entry: Entry, text: string): boolean {
  if (entry.fate !== 'whole') return true
  return entry.kind === 'answer' ? containsMessageOf(entry, text) : containsText(text, describeText(entry))
}
