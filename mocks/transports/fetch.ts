import { getResponse, type RequestHandler } from 'msw'
import { connectionLost } from '../body.ts'
import { TextRequest } from '../text-request.ts'
import {
  type OpenedTransport,
  reportUnknownRequest,
  type TransportKind,
  type TransportSetup,
} from './transport.ts'

/** A host that does not exist: a client that was not given the fetch function must not reach anything. */
const UNREACHABLE_BASE_URL = 'https://conformance.invalid/v1'

/** Gives clients the handlers as a fetch function. Several times faster than the other transports. */
export const fetchTransport: TransportKind<OpenedTransport & { fetch: typeof fetch }> = {
  open: async (handlers, setup) => openFetch(handlers, setup),
  time: 'held',
  // Everything that an answer leads to runs in microtasks.
  turnsToNextRequest: 0,
  interceptsProcess: false,
  usesHttp: false,
  speaks: 'http',
  reachesOtherProcesses: false,
}

function openFetch(
  handlers: RequestHandler[],
  setup: TransportSetup,
): OpenedTransport & { fetch: typeof fetch } {
  const fetchFromHandlers: typeof fetch = async (input, init) => {
    const request = buildRequest(input, init)
    const response = await rejectOnAbort(() => getResponse(handlers, request), request.signal)
    if (response === undefined)
      throw new TypeError('fetch failed', { cause: reportUnknownRequest(request, setup) })
    if (response.type === 'error') throw connectionLost('fetch failed')
    return response
  }
  return {
    baseURL: setup.baseURL ?? UNREACHABLE_BASE_URL,
    fetch: setup.tap?.(fetchFromHandlers) ?? fetchFromHandlers,
    close: async () => {},
  }
}

function buildRequest(input: string | URL | Request, init: RequestInit | undefined): Request {
  const body = init?.body
  return typeof body === 'string' ? new TextRequest(input, { ...init, body }) : new Request(input, init)
}

/**
 * Resolves as `work` does, and rejects as soon as the signal aborts. If it has aborted before, `work` does not begin. MSW's `getResponse` does not stop waiting for the head
 * when the client aborts. `streamActs` handles an abort during the body.
 */
function rejectOnAbort<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
