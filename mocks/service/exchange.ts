import { streamActs } from '../body.ts'
import { buildRefusalBody, type Refusal } from '../request-rules/rule.ts'
import type { Machine } from './machine.ts'
import type { RequestSeen, ResponseEnd } from './watch.ts'

/** One HTTP request with its body. */
export interface Incoming {
  method: string
  url: URL
  headers: Headers
  /** Undefined for a request without a body. */
  text: string | undefined
  signal: AbortSignal | undefined
}

/** One request and its answer. All responses are made here, all gates awaited here, and all ends reported here. */
export interface Exchange {
  number: number
  incoming: Incoming
  /** Reports the request to the watch, with the facts that are known. Called once. */
  reportSeen(known?: Partial<Pick<RequestSeen, 'body' | 'attempt' | 'context'>>): void
  refuse(refusal: Refusal): Promise<Response>
  answerJson(value: unknown, end?: JsonEnd): Promise<Response>
  /** Answers with the refusal if there is one, otherwise with the value. */
  answerOrRefuse(refusal: Refusal | undefined, value: () => unknown): Promise<Response>
  /** Returns the headers of a response of this exchange. */
  buildHeaders(kind: 'json' | 'sse' | 'refusal'): Record<string, string>
  /** Waits for the gate before the head. Resolves to false if the client has gone. */
  waitForHead(): Promise<boolean>
  reportEnd(outcome: ResponseEnd, status?: number, response?: string, body?: unknown): void
  reportCancelled(): void
}

export interface JsonEnd {
  outcome: ResponseEnd
  response?: string
  /**
   * The value in the client's dialect (Responses or Chat Completions). Only the client gets this form;
   * `machine.watch`, which records service events, gets the original value.
   */
  spelled?: unknown
  /** All headers, instead of the usual ones. */
  headers?: Record<string, string>
  status?: number
  /** Called before the client can see the body. */
  before?(): void
  /** Called if the client goes before it has the body. */
  gone?(): void
}

export function createExchange(machine: Machine, number: number, incoming: Incoming): Exchange {
  const id = `req_${machine.random.hex(32)}`
  const { watch, gate } = machine
  const exchange: Exchange = {
    number,
    incoming,
    reportSeen(known = {}) {
      const path = incoming.url.pathname + incoming.url.search
      watch({ type: 'request', request: { number, id, method: incoming.method, path, ...known } })
    },
    buildHeaders: (kind) => collectHeaders(kind, id, machine),
    async waitForHead() {
      await waitForGateOrClient(gate?.({ kind: 'head', request: number, index: 0 }), incoming.signal)
      if (!incoming.signal?.aborted) return true
      exchange.reportCancelled()
      return false
    },
    async refuse(refusal) {
      const { rule, status, code, param } = refusal
      watch({ type: 'request.refused', request: number, rule, status, code, param })
      const headers = { ...exchange.buildHeaders('refusal'), ...refusal.headers }
      return sendJson(exchange, machine, buildRefusalBody(refusal), { outcome: 'http', status, headers })
    },
    answerJson: (value, end = { outcome: 'http' }) => sendJson(exchange, machine, value, end),
    answerOrRefuse: (refusal, value) =>
      refusal === undefined ? exchange.answerJson(value()) : exchange.refuse(refusal),
    reportEnd(outcome, status, response, body) {
      watch({
        type: 'response.end',
        request: number,
        outcome,
        ...(status === undefined ? {} : { status }),
        ...(response === undefined ? {} : { response }),
        ...(body === undefined ? {} : { body }),
      })
    },
    reportCancelled() {
      watch({ type: 'request.cancelled', request: number })
      exchange.reportEnd('cut')
    },
  }
  return exchange
}

/** Sends a JSON answer after its two gates, or a refusal after one. Without gates the body is plain bytes. */
async function sendJson(
  exchange: Exchange,
  machine: Machine,
  value: unknown,
  end: JsonEnd,
): Promise<Response> {
  const { incoming, number } = exchange
  const text = JSON.stringify(end.spelled ?? value)
  const status = end.status ?? 200
  if (!(await exchange.waitForHead())) {
    end.gone?.()
    return Response.error()
  }
  let given = false
  const finish = () => {
    given = true
    end.before?.()
    exchange.reportEnd(end.outcome, status, end.response, value)
  }
  const headers = end.headers ?? exchange.buildHeaders('json')
  const { gate } = machine
  // The body of a refusal is sent with its head. Clients drop it unread at a moment that no plan can control.
  if (gate === undefined || status >= 400) {
    finish()
    return new Response(text, { status, headers })
  }
  const body = streamActs(
    [{ send: new TextEncoder().encode(text) }, 'end'],
    {
      before: (act) => (act === 0 ? gate({ kind: 'body', request: number, index: 0 }) : undefined),
      after: (act) => (act === 0 ? finish() : undefined),
      cancelled() {
        // A client that stops reading after the last byte has everything.
        if (given) return
        exchange.reportCancelled()
        end.gone?.()
      },
    },
    incoming.signal,
  )
  return new Response(body, { status, headers: { ...headers, ...CHUNKED } })
}

/** Without this header MSW turns an error in a body into a clean end. */
export const CHUNKED = { 'transfer-encoding': 'chunked' }

/** Resolves when the gate opens or the client goes. */
function waitForGateOrClient(
  gate: Promise<void> | undefined,
  signal: AbortSignal | undefined,
): Promise<void> | undefined {
  if (gate === undefined || signal === undefined) return gate
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve()
    const gone = () => resolve()
    signal.addEventListener('abort', gone, { once: true })
    gate.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone))
  })
}

/**
 * Returns headers like the recorded ones (SERVICE-FACTS 10). Processing times are the recorded medians, because the
 * service has no clock of its own.
 */
function collectHeaders(
  kind: 'json' | 'sse' | 'refusal',
  id: string,
  machine: Machine,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': kind === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/json',
    date: new Date(machine.now()).toUTCString(),
    'openai-version': '2020-10-01',
    'openai-processing-ms': { sse: '103', json: '1253', refusal: '81' }[kind],
    'x-request-id': id,
  }
  return kind === 'refusal' ? headers : Object.assign(headers, RATE_LIMITS)
}

const RATE_LIMITS = {
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-limit-tokens': '2000000',
  'x-ratelimit-remaining-requests': '9999',
  'x-ratelimit-remaining-tokens': '1999000',
  'x-ratelimit-reset-requests': '6ms',
  'x-ratelimit-reset-tokens': '0s',
}
