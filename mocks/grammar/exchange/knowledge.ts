import { append } from '../../append.ts'
import { isObject, type JsonObject, objectsIn } from '../../json.ts'
import { conversationOf, inputItems } from '../../request.ts'
import { resolvedInput } from '../input/references.ts'
import type { InputContext, KnownItem } from '../input/types.ts'
import { creates, type Exchange } from './exchange.ts'

/** A response that an earlier exchange of the same file showed. */
interface KnownResponse {
  /** Stored, or of a background run, which can be fetched for some minutes even with store false. */
  kept: boolean
  deleted: boolean
  /** Everything that a response continuing it sees, oldest first. */
  items: JsonObject[]
  /** Whether `items` is all of it: no part of its history lies outside the file. */
  whole: boolean
}

interface KnownConversation {
  deleted: boolean
  items: JsonObject[]
}

/** What the exchanges of one file prove, up to the one at hand. It grows with `learn` and lives for one check only. */
export interface Knowledge {
  responses: Map<string, KnownResponse>
  /** Conversation objects that were created in this file. */
  conversations: Map<string, KnownConversation>
  items: Map<string, KnownItem>
}

export function nothingKnown(): Knowledge {
  return { responses: new Map(), conversations: new Map(), items: new Map() }
}

/** What the service sees with a request, as far as the file tells. */
export function contextOf(known: Knowledge, body: JsonObject): InputContext {
  const { items, whole } = historyOf(known, body)
  const input = inputItems(body['input'])
  const lookup = (id: string) => known.items.get(id)
  const resolved = resolvedInput({ input, lookup })
  const complete = whole && resolved.every(({ type }) => type !== 'item_reference')
  return { chain: items, input, lookup, complete }
}

/** Takes in what an exchange proves. */
export function learn(known: Knowledge, exchange: Exchange): void {
  if (exchange.status >= 400) return
  if (exchange.method === 'DELETE') learnDeletion(known, exchange)
  if (exchange.method === 'POST' && exchange.path === '/conversations') learnConversation(known, exchange)
  if (creates(exchange)) learnResponse(known, exchange)
}

function learnResponse(known: Knowledge, { body, response, output }: Exchange): void {
  const id = response?.['id']
  if (typeof id !== 'string' || !response) return
  const stored = response['store'] !== false && body?.['store'] !== false
  rememberItems(known, output, stored)
  const over = response['status'] === 'completed' || response['status'] === 'incomplete'
  const before = body ? contextOf(known, body) : undefined
  const given = before ? [...before.chain, ...resolvedInput(before)] : []
  known.responses.set(id, {
    kept: stored || response['background'] === true,
    deleted: false,
    items: [...given, ...output],
    whole: over && before?.complete === true,
  })
  const conversation = body && known.conversations.get(conversationOf(body) ?? '')
  if (conversation && over && stored && before) {
    append(conversation.items, resolvedInput(before))
    append(conversation.items, output)
  }
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
    known.conversations.set(id, { deleted: false, items: objectsIn(body?.['items']) })
}

/** The history behind a request, and whether the file tells all of it. */
function historyOf(known: Knowledge, body: JsonObject): { items: JsonObject[]; whole: boolean } {
  const previous = body['previous_response_id']
  if (typeof previous === 'string') return known.responses.get(previous) ?? { items: [], whole: false }
  const conversation = conversationOf(body)
  if (conversation === undefined) return { items: [], whole: true }
  const held = known.conversations.get(conversation)
  return held ? { items: held.items, whole: true } : { items: [], whole: false }
}
