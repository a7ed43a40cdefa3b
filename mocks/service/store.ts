import type { JsonObject } from '../json.ts'
import type { KnownItem } from '../request-rules/known.ts'
import type { BackgroundRun } from './background.ts'
import type { WireResponse } from './compose/response.ts'

/** A response that the service can return or continue. */
export interface StoredResponse {
  response: WireResponse
  /** All items before the output: those of the chain or conversation, then the input. */
  readonly context: readonly JsonObject[]
  /** Whether the response was created with `store: true`. Background responses are kept for a while without it. */
  persisted: boolean
  /** The time of creation, in ms. */
  created: number
  /** The time until which the response is kept, in ms. Absent: for ever. */
  expires?: number
  /** The work behind a background response. */
  run?: BackgroundRun
}

export interface ConversationObject {
  id: string
  /** Unix seconds. */
  created: number
  metadata: JsonObject
  /** The items, oldest first. Each has an id. */
  items: JsonObject[]
  /** The number of the request that locks the conversation. Absent: not locked. */
  lockedBy?: number
}

/** All data of the service. Observers read it, and only the service writes it. */
export interface Store {
  responses: Map<string, StoredResponse>
  conversations: Map<string, ConversationObject>
  /** Every item that was on the wire with an id, by id. */
  items: Map<string, KnownItem>
  /** Input items with an id, and each in its stored form. */
  named: WeakMap<JsonObject, JsonObject>
  /** Functions that give ids to the input items of one response and make them known. */
  unnamed: (() => void)[]
  /** Deleted responses, for the options that still use them. */
  deleted: Map<string, StoredResponse>
  /** The items that a compaction's `encrypted_content` replaces. */
  compacted: Map<string, readonly JsonObject[]>
}

export function createStore(): Store {
  return {
    responses: new Map(),
    conversations: new Map(),
    items: new Map(),
    named: new WeakMap(),
    unnamed: [],
    deleted: new Map(),
    compacted: new Map(),
  }
}

/** Returns the items of a chain that ends with this response. */
export function buildChain(stored: StoredResponse): readonly JsonObject[] {
  return [...stored.context, ...(stored.response.output as unknown as JsonObject[])]
}

/**
 * Returns the item with this id, or undefined. Items whose ids no client knows yet get their ids last, because clients
 * seldom ask for them.
 */
export function findKnownItem({ items, unnamed }: Store, id: string): KnownItem | undefined {
  const known = items.get(id)
  if (known !== undefined || unnamed.length === 0) return known
  for (const name of unnamed.splice(0)) name()
  return items.get(id)
}

/**
 * Makes items known by their ids, each with the reasoning item directly before it. Skips items with an id in `except`.
 */
export function rememberItems(
  store: Store,
  items: readonly JsonObject[],
  stored: boolean,
  except: ReadonlySet<unknown> = new Set(),
): void {
  let before: JsonObject | undefined
  for (const item of items) {
    const id = item['id']
    if (typeof id === 'string' && !except.has(id)) {
      const reasoning =
        before?.['type'] === 'reasoning' && typeof before['id'] === 'string' ? before['id'] : undefined
      const known = store.items.get(id)
      if (known?.item !== item || known.stored !== stored || known.reasoning !== reasoning)
        store.items.set(id, { item, stored, ...(reasoning === undefined ? {} : { reasoning }) })
    }
    before = item
  }
}

export function forgetItems(store: Store, items: readonly JsonObject[]): void {
  for (const { id } of items) if (typeof id === 'string') store.items.delete(id)
}
