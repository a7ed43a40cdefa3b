import { isObject, type JsonObject, listObjects } from '../../json.ts'
import { readConversationId, readInputItems } from '../../request.ts'
import { resolveReferences } from '../../request-rules/item-references.ts'
import type { History, InputContext, KnownItem } from '../../request-rules/known.ts'
import { type Exchange, isCreateExchange } from './exchange.ts'

/**
 * More items than the context of any model takes. A longer history counts as unknown. Each request is checked with its
 * whole history, so that without a limit a long chain would take quadratic time.
 */
const MAX_ITEMS = 2_000

/** Items that continue earlier items. A full copy of the list for each response would take quadratic memory. */
interface Chain {
  before?: Chain
  own: readonly JsonObject[]
  /** The number of items in the whole chain. */
  length: number
  /** Whether the chain is the whole history: no part lies outside the file or beyond the limit. */
  whole: boolean
}

const UNKNOWN: Chain = { own: [], length: 0, whole: false }
/** A history that was once longer than the limit. It stays unknown when a response continues it. */
const BEYOND: Chain = { ...UNKNOWN, length: Number.POSITIVE_INFINITY }
const EMPTY: Chain = { own: [], length: 0, whole: true }

/** A response that an earlier exchange of the file showed. */
interface KnownResponse {
  /**
   * Whether the response can be fetched or continued: it is stored, it is a background response, which is kept for some minutes, or it
   * was made on a WebSocket.
   */
  kept: boolean
  deleted: boolean
  /** All items that a continuing response sees, oldest first. */
  items: Chain
}

interface KnownConversation {
  deleted: boolean
  items: Chain
}

/** What the earlier exchanges of one file show. `learn` adds to it. Each check has its own. */
export interface Knowledge {
  responses: Map<string, KnownResponse>
  /** The conversation objects that were created in this file. */
  conversations: Map<string, KnownConversation>
  items: Map<string, KnownItem>
}

export function createKnowledge(): Knowledge {
  return { responses: new Map(), conversations: new Map(), items: new Map() }
}

/** Returns the input of a request and its history, as far as the file shows them. */
export function buildContext(known: Knowledge, body: JsonObject): InputContext {
  const history = findContinuedHistory(known, body)
  const input = readInputItems(body['input'])
  const findItem = (id: string) => known.items.get(id)
  const resolved = resolveReferences({ input, findItem })
  const isComplete = history.whole && resolved.every(({ type }) => type !== 'item_reference')
  return { chain: listChainItems(history), input, findItem, isComplete, knowsEveryItem: false }
}

/** Returns the responses and conversations that the earlier exchanges show. Others may exist at the service. */
export function readFileHistory({ responses, conversations }: Knowledge): History {
  return {
    findResponse(id) {
      const known = responses.get(id)
      if (known === undefined) return undefined
      const isThere = known.kept && !known.deleted
      return { canContinue: isThere, canFetch: isThere, isDeleted: known.deleted }
    },
    findConversation(id) {
      const known = conversations.get(id)
      return known && { isDeleted: known.deleted }
    },
    isComplete: false,
  }
}

/** Adds what an exchange shows. */
export function learn(known: Knowledge, exchange: Exchange): void {
  if (exchange.status >= 400) return
  if (exchange.method === 'DELETE') learnDeletion(known, exchange)
  if (exchange.method === 'POST' && exchange.path === '/conversations') learnConversation(known, exchange)
  if (isCreateExchange(exchange)) learnResponse(known, exchange)
}

function learnResponse(known: Knowledge, { body, response, output, overSocket }: Exchange): void {
  const id = response?.['id']
  if (typeof id !== 'string' || !response) return
  const stored = response['store'] !== false && body?.['store'] !== false
  rememberItems(known, output, stored)
  const over = response['status'] === 'completed' || response['status'] === 'incomplete'
  const before = body ? buildContext(known, body) : undefined
  const added = before ? [...resolveReferences(before), ...output] : output
  const items = continueChain(body && before ? findContinuedHistory(known, body) : UNKNOWN, added)
  known.responses.set(id, {
    // A connection keeps the latest response of each lane, whether it is stored or not (SERVICE-FACTS 13).
    kept: stored || overSocket || response['background'] === true,
    deleted: false,
    items: { ...items, whole: items.whole && over && before?.isComplete === true },
  })
  const conversation = body && known.conversations.get(readConversationId(body) ?? '')
  if (conversation && over && stored && before) conversation.items = continueChain(conversation.items, added)
}

/** Returns a chain with more items at its end, or `BEYOND` if the chain becomes longer than the limit. */
function continueChain(before: Chain, own: readonly JsonObject[]): Chain {
  const length = before.length + own.length
  return length > MAX_ITEMS ? BEYOND : { before, own, length, whole: before.whole }
}

function listChainItems(chain: Chain): JsonObject[] {
  const parts: (readonly JsonObject[])[] = []
  for (let at: Chain | undefined = chain; at !== undefined; at = at.before)
    if (at.own.length > 0) parts.push(at.own)
  return parts.reverse().flat()
}

function rememberItems(known: Knowledge, output: readonly JsonObject[], stored: boolean): void {
  for (const [at, item] of output.entries()) {
    const id = item['id']
    if (typeof id !== 'string') continue
    const before = output[at - 1]
    const reasoning = before?.['type'] === 'reasoning' ? before['id'] : undefined
    known.items.set(id, { item, stored, ...(typeof reasoning === 'string' && { reasoning }) })
  }
}

function learnDeletion(known: Knowledge, { path }: Exchange): void {
  const [, kind, id = '', more] = path.split('/')
  if (more !== undefined) return
  const held = kind === 'responses' ? known.responses.get(id) : known.conversations.get(id)
  if (held) held.deleted = true
}

function learnConversation(known: Knowledge, { json, body }: Exchange): void {
  const id = isObject(json) ? json['id'] : undefined
  if (typeof id === 'string')
    known.conversations.set(id, { deleted: false, items: continueChain(EMPTY, listObjects(body?.['items'])) })
}

/** Returns the history that a request continues, as far as the file shows it. */
function findContinuedHistory(known: Knowledge, body: JsonObject): Chain {
  const previous = body['previous_response_id']
  if (typeof previous === 'string') return known.responses.get(previous)?.items ?? UNKNOWN
  const conversation = readConversationId(body)
  if (conversation === undefined) return EMPTY
  return known.conversations.get(conversation)?.items ?? UNKNOWN
}
