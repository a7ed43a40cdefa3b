import type { JsonObject } from '../json.ts'
import type { KnownItem } from '../request-rules/known.ts'
import type { BackgroundRun } from './background.ts'
import type { WireResponse } from './compose/response.ts'

/** A response that the service can give back or continue. */
export interface StoredResponse {
  response: WireResponse
  /** Everything that stood before the output: the chain's or conversation's items, then its own input. */
  readonly context: readonly JsonObject[]
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
  /** Input items with an id, each as it is kept. */
  named: WeakMap<JsonObject, JsonObject>
  /** Input items to which the service gives ids itself: each call makes those of one response known. */
  unnamed: (() => void)[]
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
    named: new WeakMap(),
    unnamed: [],
    deleted: new Map(),
    compacted: new Map(),
  }
}

/** The items of a chain that ends with this response. */
export function chainOf(stored: StoredResponse): readonly JsonObject[] {
  return [...stored.context, ...(stored.response.output as unknown as JsonObject[])]
}

/** Returns the item with this id. An id that no client was told yet is looked for last, for it is seldom asked for. */
export function knownItem({ items, unnamed }: Store, id: string): KnownItem | undefined {
  const known = items.get(id)
  if (known !== undefined || unnamed.length === 0) return known
  for (const name of unnamed.splice(0)) name()
  return items.get(id)
}

/**
 * Makes items known by their ids, each output item with the reasoning that stood directly before it. Items with an id in
 * `except` are left as they are known.
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
