import { bodyOf } from '../body.ts'
import { buildRefusalBody, type Refusal } from '../request-rules/rule.ts'
import type { Machine } from './machine.ts'
import type { RequestSeen, ResponseEnd } from './watch.ts'

/** What comes in: one HTTP request, its body read. */
export interface Incoming {
  method: string
  url: URL
  headers: Headers
  /** Undefined where there was none. */
  text: string | undefined
  signal: AbortSignal | undefined
}

/** One request and the answering of it: the one place where responses are made, gates awaited and ends told. */
export interface Exchange {
  number: number
  incoming: Incoming
  /** Tells the watch of the request, once; what is known of it by then. */
  seen(known?: Partial<Pick<RequestSeen, 'body' | 'attempt' | 'context'>>): void
  refuse(refusal: Refusal): Promise<Response>
  json(value: unknown, end?: JsonEnd): Promise<Response>
  /** The refusal where there is one, else the value. */
  refuseOr(refusal: Refusal | undefined, value: () => unknown): Promise<Response>
  /** Headers of every response of this exchange. */
  headers(kind: 'json' | 'sse' | 'refusal'): Record<string, string>
  /** The gate before the head; false: the client has gone. */
  head(): Promise<boolean>
  end(outcome: ResponseEnd, status?: number, response?: string, body?: unknown): void
  cancelled(): void
}

export interface JsonEnd {
  outcome: ResponseEnd
  response?: string
  /** What is sent, where the client's dialect spells the value otherwise; the watch is told the value. */
  spelled?: unknown
  /** All headers, in place of the usual ones. */
  headers?: Record<string, string>
  status?: number
  /** Carried out before the client can see the body. */
  before?(): void
  /** The client went before it had the body. */
  gone?(): void
}

export function exchangeOf(machine: Machine, number: number, incoming: Incoming): Exchange {
  const id = `req_${machine.random.hex(32)}`
  const { watch, gate } = machine
  const exchange: Exchange = {
    number,
    incoming,
    seen(known = {}) {
      const path = incoming.url.pathname + incoming.url.search
      watch({ type: 'request', request: { number, id, method: incoming.method, path, ...known } })
    },
    headers: (kind) => headersOf(kind, id, machine),
    async head() {
      await passed(gate?.({ kind: 'head', request: number, index: 0 }), incoming.signal)
      if (!incoming.signal?.aborted) return true
      exchange.cancelled()
      return false
    },
    async refuse(refusal) {
      const { rule, status, code, param } = refusal
      watch({ type: 'request.refused', request: number, rule, status, code, param })
      const headers = { ...exchange.headers('refusal'), ...refusal.headers }
      return answer(exchange, machine, buildRefusalBody(refusal), { outcome: 'http', status, headers })
    },
    json: (value, end = { outcome: 'http' }) => answer(exchange, machine, value, end),
    refuseOr: (refusal, value) => (refusal === undefined ? exchange.json(value()) : exchange.refuse(refusal)),
    end(outcome, status, response, body) {
      watch({
        type: 'response.end',
        request: number,
        outcome,
        ...(status === undefined ? {} : { status }),
        ...(response === undefined ? {} : { response }),
        ...(body === undefined ? {} : { body }),
      })
    },
    cancelled() {
      watch({ type: 'request.cancelled', request: number })
      exchange.end('cut')
    },
  }
  return exchange
}

/** A JSON answer behind its two gates; a refusal behind one. Where no gate can hold it, the body is plain bytes. */
async function answer(exchange: Exchange, machine: Machine, value: unknown, end: JsonEnd): Promise<Response> {
  const { incoming, number } = exchange
  const text = JSON.stringify(end.spelled ?? value)
  const status = end.status ?? 200
  if (!(await exchange.head())) {
    end.gone?.()
    return Response.error()
  }
  let given = false
  const finish = () => {
    given = true
    end.before?.()
    exchange.end(end.outcome, status, end.response, value)
  }
  const headers = end.headers ?? exchange.headers('json')
  const { gate } = machine
  // A refusal's body goes with its head: clients give it up unread, and when they do is nothing that a plan can order.
  if (gate === undefined || status >= 400) {
    finish()
    return new Response(text, { status, headers })
  }
  const body = bodyOf(
    [{ send: new TextEncoder().encode(text) }, 'end'],
    {
      before: (act) => (act === 0 ? gate({ kind: 'body', request: number, index: 0 }) : undefined),
      after: (act) => (act === 0 ? finish() : undefined),
      cancelled() {
        // A client that stops reading after the last byte has lost nothing.
        if (given) return
        exchange.cancelled()
        end.gone?.()
      },
    },
    incoming.signal,
  )
  return new Response(body, { status, headers: { ...headers, ...CHUNKED } })
}

/** Without this header MSW turns a body that breaks into one that ends well. */
export const CHUNKED = { 'transfer-encoding': 'chunked' }

/** Resolves when the gate opens or the client goes. */
function passed(gate: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> | undefined {
  if (gate === undefined || signal === undefined) return gate
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve()
    const gone = () => resolve()
    signal.addEventListener('abort', gone, { once: true })
    gate.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone))
  })
}

/** Headers as measured (SERVICE-FACTS 10). Times are fixed figures, the recorded medians: the service has no clock of its own. */
function headersOf(kind: 'json' | 'sse' | 'refusal', id: string, machine: Machine): Record<string, string> {
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
