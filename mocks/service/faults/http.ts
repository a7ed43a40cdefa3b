import type { Exchange } from '../exchange.ts'
import type { Fault } from '../types.ts'
import { findErrorMessage, findHttpErrorType } from './errors.ts'
import type { EarlyFault } from './stages.ts'

/** Returns whether the SDKs retry this status (SERVICE-FACTS 6). */
const isRetried = (status: number) => status === 408 || status === 409 || status === 429 || status >= 500

/** Sends a fault in place of an answer: an HTTP error in the shape of the API, or no response at all. */
export async function answerEarlyFault(fault: EarlyFault, exchange: Exchange): Promise<Response> {
  switch (fault.kind) {
    case 'refuse-connection':
      if (await exchange.waitForHead()) exchange.reportEnd('cut')
      return Response.error()
    case 'http':
      return answerHttpError(fault, exchange)
  }
}

/**
 * Errors that the SDKs retry have `retry-after-ms: 1`, unless the fault has its own header: over real sockets the back-off
 * of the SDKs would take seconds.
 */
function answerHttpError(fault: Extract<Fault, { kind: 'http' }>, exchange: Exchange): Promise<Response> {
  const { status, code } = fault
  const type = findHttpErrorType(status, code)
  const message = findErrorMessage(code ?? `http_${status}`)
  const own = Object.fromEntries(
    Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const retry = isRetried(status) && own['retry-after'] === undefined ? { 'retry-after-ms': '1' } : {}
  const headers = { ...exchange.buildHeaders('refusal'), ...retry, ...own }
  const body = { error: { message, type, param: null, code: code ?? null } }
  return exchange.answerJson(body, { outcome: 'http', status, headers })
}
