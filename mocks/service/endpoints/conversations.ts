import { append } from '../../append.ts'
import { isObject, type JsonObject, listObjects } from '../../json.ts'
import { refuseForm } from '../../request-rules/body-form.ts'
import {
  conversationBodySchema,
  conversationItemsSchema,
  conversationUpdateSchema,
} from '../../request-rules/body-schemas.ts'
import { conversationItemNotFound, conversationNotFound } from '../../request-rules/conversations.ts'
import { refuseListQuery } from '../../request-rules/list-query.ts'
import { buildRefusal, type Refusal } from '../../request-rules/rule.ts'
import { buildListedInputItem } from '../draft.ts'
import { makeAddedItemId, makeConversationId, readLineage } from '../ids.ts'
import { type Machine, readSeconds } from '../machine.ts'
import { type ConversationObject, forgetItems, rememberItems } from '../store.ts'
import type { Call } from './call.ts'
import { buildListPage } from './listing.ts'

/** `POST /conversations`. */
export async function createConversation({ body = {}, exchange, machine }: Call): Promise<Response> {
  exchange.reportSeen({ body })
  const items = readItems(body)
  const refusal = refuseForm(body, conversationBodySchema)
  if (refusal !== undefined) return exchange.refuse(refusal)
  const created = readSeconds(machine)
  const id = makeConversationId(`0${machine.random.hex(15)}`, created, machine.random)
  const metadata = isObject(body['metadata']) ? body['metadata'] : {}
  const conversation: ConversationObject = { id, created, metadata, items: [] }
  machine.store.conversations.set(id, conversation)
  addItems(conversation, items, machine)
  return exchange.answerJson(showConversation(conversation))
}

/** `GET /conversations/{id}`. */
export async function retrieveConversation(call: Call): Promise<Response> {
  call.exchange.reportSeen()
  return withConversation(call, (conversation) => showConversation(conversation))
}

/** `POST /conversations/{id}`: replaces the metadata. */
export async function updateConversation(call: Call): Promise<Response> {
  call.exchange.reportSeen(call.body === undefined ? {} : { body: call.body })
  const { body = {} } = call
  return withConversation(call, (conversation) => {
    const refusal = refuseForm(body, conversationUpdateSchema)
    if (refusal !== undefined) return refusal
    if (isObject(body['metadata'])) conversation.metadata = body['metadata']
    return showConversation(conversation)
  })
}

/** `DELETE /conversations/{id}`. Its items stay with the responses that have them. */
export async function deleteConversation(call: Call): Promise<Response> {
  call.exchange.reportSeen()
  return withConversation(call, ({ id }) => {
    call.machine.store.conversations.delete(id)
    return { id, object: 'conversation.deleted', deleted: true }
  })
}

/** `POST /conversations/{id}/items`. */
export async function createItems(call: Call): Promise<Response> {
  const { body = {}, machine, exchange } = call
  exchange.reportSeen({ body })
  return withConversation(call, (conversation) => {
    const items = readItems(body)
    const refusal = refuseForm(body, conversationItemsSchema)
    return (
      refusal ??
      buildListPage(
        addItems(conversation, items, machine),
        new URLSearchParams({ order: 'asc', limit: '100' }),
      )
    )
  })
}

/** `GET /conversations/{id}/items`, newest first. */
export async function listItems(call: Call): Promise<Response> {
  call.exchange.reportSeen()
  const query = call.exchange.incoming.url.searchParams
  return withConversation(call, ({ items }) => refuseListQuery(query) ?? buildListPage(items, query))
}

/** `GET /conversations/{id}/items/{item}`. */
export async function retrieveItem(call: Call): Promise<Response> {
  call.exchange.reportSeen()
  const [, item = ''] = call.params
  return withConversation(
    call,
    ({ items }) =>
      items.find(({ id }) => id === item) ?? buildRefusal(conversationItemNotFound, { id: item }),
  )
}

/** `DELETE /conversations/{id}/items/{item}`: answers with the conversation. */
export async function deleteItem(call: Call): Promise<Response> {
  call.exchange.reportSeen()
  const [, item = ''] = call.params
  return withConversation(call, (conversation) => {
    const gone = conversation.items.find(({ id }) => id === item)
    if (gone === undefined) return buildRefusal(conversationItemNotFound, { id: item })
    conversation.items = conversation.items.filter((held) => held !== gone)
    forgetItems(call.machine.store, [gone])
    return showConversation(conversation)
  })
}

function withConversation(
  { params, exchange, machine }: Call,
  use: (conversation: ConversationObject) => JsonObject | Refusal,
): Promise<Response> {
  const [id = ''] = params
  const conversation = machine.store.conversations.get(id)
  const result = conversation === undefined ? buildRefusal(conversationNotFound, { id }) : use(conversation)
  return isRefusal(result) ? exchange.refuse(result) : exchange.answerJson(result)
}

function isRefusal(result: JsonObject | Refusal): result is Refusal {
  return 'rule' in result
}

function showConversation({ id, created, metadata }: ConversationObject): JsonObject {
  return { id, object: 'conversation', created_at: created, metadata }
}

function readItems(body: JsonObject): JsonObject[] {
  return listObjects(body['items'])
}

/** Adds items to a conversation without a response. Their ids end with the lineage of the conversation. */
function addItems(
  conversation: ConversationObject,
  items: readonly JsonObject[],
  machine: Machine,
): JsonObject[] {
  const { random, store } = machine
  const lineage = readLineage(conversation.id)
  const made = items.map((item) =>
    buildListedInputItem(item, (type) => makeAddedItemId(type, lineage, readSeconds(machine), random)),
  )
  append(conversation.items, made)
  rememberItems(store, made, true)
  return made
}
