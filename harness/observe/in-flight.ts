import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServiceWatch } from '../../mocks/service/watch.ts'

/** Counts requests that are on their way over a socket between the clients of this process and the service. */
export interface InFlight {
  /** Called with everything that the service receives and sends. */
  watch: ServiceWatch
  /** Counts what clients and service began and ended. While the count stands still, nothing has happened. */
  readonly moves: number
  /**
   * Whether only one side knows of some request. Undefined if no client reports its requests; only Node's own fetch
   * does.
   */
  readonly any: boolean | undefined
  release(): void
}

/** Compares the requests that Node's fetch has open with those that the service has open. */
export function watchInFlight(): InFlight {
  const open = new Set<unknown>()
  let told = false
  let served = 0
  let moves = 0
  const begun = (message: unknown) => {
    told = true
    moves++
    open.add(readRequest(message))
  }
  const ended = (message: unknown) => {
    moves++
    open.delete(readRequest(message))
  }
  const channels = [
    ['undici:request:create', begun],
    ['undici:request:trailers', ended],
    ['undici:request:error', ended],
  ] as const
  for (const [channel, hears] of channels) subscribe(channel, hears)
  return {
    watch({ type }) {
      if (type === 'request') served++
      if (type === 'response.end') served--
    },
    get moves() {
      return moves
    },
    get any() {
      return told ? open.size !== served : undefined
    },
    release() {
      for (const [channel, hears] of channels) unsubscribe(channel, hears)
    },
  }
}

function readRequest(message: unknown): unknown {
  return (message as { request: unknown }).request
}
