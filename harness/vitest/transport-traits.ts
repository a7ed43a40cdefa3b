import type { TransportName } from '../../mocks/transports.ts'

/** What the runner and the watchdog need to know about a transport. */
export interface TransportTraits {
  /** Whether a plan takes real time. Otherwise the harness holds the clock. */
  hasRealTime: boolean
  /** Whether requests use the fetch of Node, which keeps a timer of its own. */
  usesNodeFetch: boolean
  /** Whether the process is patched to intercept requests. */
  isIntercepted: boolean
}

export const transportTraits: Record<TransportName, TransportTraits> = {
  fetch: { hasRealTime: false, usesNodeFetch: false, isIntercepted: false },
  intercept: { hasRealTime: false, usesNodeFetch: true, isIntercepted: true },
  http: { hasRealTime: true, usesNodeFetch: true, isIntercepted: false },
}
