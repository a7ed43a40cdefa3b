import type { StoredResponse } from '../store.ts'

/**
 * What a WebSocket connection adds to a request: the responses that the connection holds in memory, and whether the model
 * answers at all.
 */
export interface SocketMemory {
  /** Returns the response with this id if the connection holds it: the latest of one of its lanes (SERVICE-FACTS 14). */
  find(id: string): StoredResponse | undefined
  /** Holds a response as the latest of the lane of its request. */
  keep(response: StoredResponse): void
  /** Returns whether the response is to end with its current item, because the user wants something else. */
  isSteered(): boolean
  /** Whether the request only warms up the context (`generate: false`): the answer then has no output. */
  isWarmUp: boolean
}
