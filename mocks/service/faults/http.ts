import type { Exchange } from '../exchange.ts'
import type { Fault } from '../types.ts'
import { messageOf, typeOfStatus } from './errors.ts'

/** Statuses that the SDKs retry (SERVICE-FACTS 6). */
const isRetried = (status: number) => status === 408 || status === 409 || status === 429 || status >= 500

/**
 * A fault before any event: an HTTP error in the API's shape, or no response at all.
 * What the SDKs retry carries `retry-after-ms: 1`, unless the fault's headers say otherwise:
 * over real sockets time is real, and back-off would take seconds.
 */
export async function httpFault(
  fault: Extract<Fault, { kind: 'http' | 'refuse-connection' }>,
  exchange: Exchange,
): Promise<Response> {
  if (fault.kind === 'refuse-connection') {
    if (await exchange.head()) exchange.end('cut')
    return Response.error()
  }
  const { status, code } = fault
  const type = typeOfStatus(status, code)
  const message = messageOf(code ?? `http_${status}`)
  const own = Object.fromEntries(
    Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const retry = isRetried(status) && own['retry-after'] === undefined ? { 'retry-after-ms': '1' } : {}
  const headers = { ...exchange.headers('refusal'), ...retry, ...own }
  const body = { error: { message, type, param: null, code: code ?? null } }
  return exchange.json(body, { outcome: 'http', status, headers })
}
