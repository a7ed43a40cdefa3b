import type { KnownItem } from '../grammar/input/types.ts'
import type { JsonObject } from '../json.ts'
import type { BackgroundRun } from './background.ts'
import type { WireResponse } from './compose/response.ts'

/** A response that the service can give back or continue. */
export interface StoredResponse {
  response: WireResponse
  /** Everything that stood before the output: the chain's or conversation's items, then its own input. */
  context: readonly JsonObject[]
  /** Whether it was created with `store: true`; a background response is kept for a while without. */
  persisted: boolean
  /** When it was created, in ms. */
  created: number
  /** When it ceases to be kept, in ms; absent: never. */
  expires?: number
  /** The work behind a background response. */
  run?: BackgroundRun
}

export interface ConversationObject {
  id: string
  /** Unix seconds. */
  created: number
  metadata: JsonObject
  /** Oldest first; each with an id. */
  items: JsonObject[]
  /** The number of the request that holds it, while one does. */
  lockedBy?: number
}

/** All that the service remembers. Plain data: observers read it, only the service writes. */
export interface Store {
  responses: Map<string, StoredResponse>
  conversations: Map<string, ConversationObject>
  /** Every item that went over the wire with an id, by it. */
  items: Map<string, KnownItem>
  /** Responses that were deleted, for the options that still know them. */
  deleted: Map<string, StoredResponse>
  /** What a compaction's `encrypted_content` stands for. */
  compacted: Map<string, readonly JsonObject[]>
}

export function emptyStore(): Store {
  return {
    responses: new Map(),
    conversations: new Map(),
    items: new Map(),
    deleted: new Map(),
    compacted: new Map(),
  }
}

/** The items of a chain that ends with this response. */
export function chainOf(stored: StoredResponse): readonly JsonObject[] {
  return [...stored.context, ...(stored.response.output as unknown as JsonObject[])]
}

/** Makes items known by their ids, each output item with the reasoning that stood directly before it. */
export function rememberItems(store: Store, items: readonly JsonObject[], stored: boolean): void {
  let before: JsonObject | undefined
  for (const item of items) {
    const id = item['id']
    if (typeof id === 'string') {
      const known: KnownItem = { item, stored }
      if (before?.['type'] === 'reasoning' && typeof before['id'] === 'string') known.reasoning = before['id']
      store.items.set(id, known)
    }
    before = item
  }
}

export function forgetItems(store: Store, items: readonly JsonObject[]): void {
  for (const { id } of items) if (typeof id === 'string') store.items.delete(id)
}
