import type { JsonObject } from '../../json.ts'
import type { StoredResponse } from '../store.ts'
import type { Steer } from './steering.ts'

/** Requests of one `stream_id`, or of none. They are answered one after the other. */
export interface Lane {
  name: string | undefined
  waiting: JsonObject[]
  running?: RunningResponse
  /** Its latest response, which a request can continue although nothing is stored. */
  latest?: StoredResponse
  /** Input for a response that waits for outputs of tools. It goes before the input of the next request. */
  pending?: { responseId: string; steers: readonly Steer[] }
}

/** A request that is being answered. */
export interface RunningResponse {
  body: JsonObject
  /** Known from its first event on. */
  id?: string
  /** Input that came while it was being made. */
  steers: Steer[]
  /** The number of the next event. */
  next: number
  /** Whether the event that ends the response was sent. */
  isOver?: boolean
}
