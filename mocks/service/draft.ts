import { append } from '../append.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { BackgroundRun } from './background.ts'
import type { OutputItem } from './compose/items.ts'
import { buildEndedResponse, type WireResponse } from './compose/response.ts'
import type { Ground } from './context.ts'
import type { Exchange } from './exchange.ts'
import { createIds, readLineage } from './ids.ts'
import { type Machine, readSeconds } from './machine.ts'
import { rememberItems, type StoredResponse } from './store.ts'
import type { CreateBody } from './types.ts'

/**
 * A response that is being made. It holds its conversation and decides what is stored. One of `settle`, `cut` and
 * `abandon` ends it.
 */
export interface Draft {
  /** Stores a background response at its creation. */
  begin(response: WireResponse, run: BackgroundRun): void
  /** Stores a response that is completed, incomplete or failed. */
  settle(response: WireResponse): void
  /**
   * Handles a connection that ended first. `done` holds the items that were sent with `output_item.done`; none for
   * JSON.
   */
  cut(response: WireResponse, done: readonly OutputItem[]): void
  /** Releases the conversation without storing anything. */
  abandon(): void
}

export function openDraft(
  body: CreateBody,
  ground: Ground,
  input: readonly JsonObject[],
  exchange: Exchange,
  machine: Machine,
): Draft {
  const { store, facts } = machine
  const { conversation } = ground
  if (conversation !== undefined && facts.conversationLock === 'until-end')
    conversation.lockedBy = exchange.number
  const persisted = body['store'] !== false
  let kept: StoredResponse | undefined

  const release = () => {
    if (conversation?.lockedBy === exchange.number) delete conversation.lockedBy
  }
  const keep = (response: WireResponse, run?: BackgroundRun): StoredResponse => {
    if (kept === undefined) {
      const own = rememberInput(input, response, persisted, machine)
      kept = buildStoredResponse(response, ground, own, persisted, machine.now())
    }
    kept.response = response
    if (run !== undefined) kept.run = run
    if (!persisted) kept.expires = kept.created + facts.retentionMs
    if (persisted || kept.run !== undefined) store.responses.set(response.id, kept)
    if (response.status === 'completed' || response.status === 'incomplete') machine.socket?.keep(kept)
    return kept
  }
  const keepOutput = (response: WireResponse) =>
    rememberItems(store, response.output as unknown as JsonObject[], persisted)
  const join = ({ context }: StoredResponse, output: readonly unknown[]) => {
    if (conversation === undefined || !persisted) return
    const own = context.slice(ground.chain.length)
    append(conversation.items, own)
    append(conversation.items, dropTrailingReasoning(output as unknown as JsonObject[]))
  }

  return {
    begin: (response, run) => void keep(response, run),
    settle(response) {
      release()
      const { status } = response
      const stored = keep(response)
      keepOutput(response)
      if (
        status === 'completed' ||
        (status === 'incomplete' && facts.conversationAfterIncomplete === 'items')
      )
        join(stored, response.output)
      else if (status === 'failed' && facts.conversationAfterFailed === 'input') join(stored, [])
    },
    cut(response, done) {
      release()
      if (kept?.run !== undefined || !persisted) return
      const keepWith = (output: WireResponse['output']): StoredResponse | undefined => {
        if (output.length === 0) {
          keep(buildCancelledResponse(response))
          return undefined
        }
        const stored = keep({ ...response, output })
        keepOutput(stored.response)
        return stored
      }
      switch (facts.afterCut) {
        case 'not-found':
          return
        case 'cancelled':
          keepWith([])
          return
        case 'completed':
          keepWith(response.output)
          return
        case 'keep-done-items': {
          const output = dropTrailingReasoning(done)
          const stored = keepWith(output)
          if (stored !== undefined) join(stored, output)
          return
        }
        default:
          facts.afterCut satisfies never
      }
    },
    abandon: release,
  }
}

/**
 * Returns the items without reasoning at their end. No request could continue after such reasoning (SERVICE-FACTS 1,
 * 3).
 */
function dropTrailingReasoning<Held extends { type?: unknown }>(items: readonly Held[]): Held[] {
  return items.slice(0, items.findLastIndex(({ type }) => type !== 'reasoning') + 1)
}

/** Returns the cancelled response: no output, no usage, no reason (SERVICE-FACTS 8). */
export function buildCancelledResponse(response: WireResponse): WireResponse {
  const nothing = { completed_at: null, error: null, incomplete_details: null, output: [] }
  const ended = buildEndedResponse(response, { status: 'cancelled', ...nothing })
  // On the wire a cancelled response has usage null. The type of the SDK does not allow that.
  return { ...ended, usage: null } as unknown as WireResponse
}

/** Returns a response as it is stored. Its context is built on first use, because most clients never ask for it. */
function buildStoredResponse(
  response: WireResponse,
  { chain }: Ground,
  own: () => readonly JsonObject[],
  persisted: boolean,
  created: number,
): StoredResponse {
  let context: readonly JsonObject[] | undefined
  return {
    response,
    get context() {
      context ??= [...chain, ...own()]
      return context
    },
    persisted,
    created,
  }
}

/**
 * Makes the input items of a response known, and returns a function that gives all of them with ids. Items without an
 * id get one on first use: otherwise a client that sends its whole history with each request would fill the memory with
 * ids that nobody knows.
 */
function rememberInput(
  input: readonly JsonObject[],
  { id }: WireResponse,
  persisted: boolean,
  machine: Machine,
): () => readonly JsonObject[] {
  const { store } = machine
  const ids = createIds(readLineage(id), readSeconds(machine), machine.random)
  let made: JsonObject[] | undefined
  const isNamed = (item: JsonObject) => typeof item['id'] === 'string'
  const make = () => {
    if (made !== undefined) return made
    made = input.map((item) => buildListedInputItem(item, ids.makeItemId))
    rememberItems(store, made, persisted, new Set(input.filter(isNamed).map((item) => item['id'])))
    return made
  }
  // An item is known together with the reasoning before it. If the reasoning has no id yet, all items get their ids
  // now.
  const isLater = input.every((item) => item['type'] !== 'reasoning' || isNamed(item))
  if (isLater) {
    rememberItems(
      store,
      input.map((item) => (isNamed(item) ? findStoredItem(item, store) : item)),
      persisted,
    )
    if (!input.every(isNamed)) store.unnamed.push(make)
  } else rememberItems(store, input.length > 0 ? make() : [], persisted)
  return make
}

/** Returns the stored form of an item with an id. It is made once, even if the client sends the item many times. */
function findStoredItem(item: JsonObject, { named }: Machine['store']): JsonObject {
  const known = named.get(item) ?? buildListedInputItem(item, String)
  named.set(item, known)
  return known
}

/** Returns an input item as the service lists it (SERVICE-FACTS 8, 12): id, type and status first, text as parts. */
export function buildListedInputItem(item: JsonObject, makeId: (type: string) => string): JsonObject {
  const type = typeof item['type'] === 'string' ? item['type'] : 'message'
  const id = typeof item['id'] === 'string' ? item['id'] : makeId(type)
  const { id: _, type: __, ...rest } = item
  if (type === 'message') {
    const role = rest['role'] ?? 'user'
    const content = buildContentParts(rest['content'], role)
    const phase = rest['phase'] === undefined ? {} : { phase: rest['phase'] }
    return { id, type, status: rest['status'] ?? 'completed', content, ...phase, role }
  }
  return type.endsWith('_call_output') || type.endsWith('_call')
    ? { id, type, status: 'completed', ...rest }
    : { id, type, ...rest }
}

function buildContentParts(content: Json | undefined, role: Json): Json[] {
  const kind = role === 'assistant' ? 'output_text' : 'input_text'
  if (typeof content === 'string') return [buildTextPart(kind, content)]
  return Array.isArray(content)
    ? content.map((part) => (isObject(part) ? buildListedPart(part) : buildTextPart(kind, String(part))))
    : []
}

/** Returns a content part as the service lists it: an image with all its fields (SDK type ResponseInputImage). */
function buildListedPart(part: JsonObject): JsonObject {
  if (part['type'] !== 'input_image') return part
  const { type, detail, file_id, image_url, ...rest } = part
  return {
    type,
    detail: detail ?? 'auto',
    file_id: file_id ?? null,
    image_url: image_url ?? null,
    ...rest,
  }
}

function buildTextPart(kind: 'output_text' | 'input_text', text: string): JsonObject {
  return kind === 'output_text' ? { type: kind, annotations: [], logprobs: [], text } : { type: kind, text }
}
