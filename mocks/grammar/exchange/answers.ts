import { isObject, toShortJson } from '../../json.ts'

import { type Exchange, type ExchangeRule, isCreateExchange } from './exchange.ts'

const KEYS = ['code', 'message', 'param', 'type']

/** The rules about an HTTP response, for all endpoints. */
export const answerRules: readonly ExchangeRule[] = [
  {
    id: 'error-body',
    statement:
      'The body of a refusal (HTTP 4xx) is {error: {message, type, param, code}} with exactly these keys',
    source: 'GRAMMAR J60; SERVICE-FACTS 6',
    check({ status, json, cut }) {
      if (!isRefusedStatus(status) || cut) return []
      const error = isObject(json) ? json['error'] : undefined
      const whole = isObject(error) && Object.keys(error).sort().join() === KEYS.join()
      return whole && typeof error['message'] === 'string' && typeof error['type'] === 'string'
        ? []
        : [`found ${toShortJson(json)} with status ${status}, expected error with ${KEYS.join(', ')}`]
    },
  },
  {
    id: 'error-content-type',
    statement: 'A refusal (HTTP 4xx) has the content-type application/json',
    source: 'GRAMMAR J61',
    check({ status, contentType }) {
      if (!isRefusedStatus(status) || contentType === undefined || /^application\/json\b/.test(contentType))
        return []
      return [
        `found content-type ${toShortJson(contentType)} with status ${status}, expected application/json`,
      ]
    },
  },
  {
    id: 'refusal-before-stream',
    statement: 'A refused request gets JSON, even if it asks for a stream',
    source: 'GRAMMAR J62',
    check: ({ status, streamed }) =>
      status >= 400 && streamed ? [`found an event stream with status ${status}, expected JSON`] : [],
  },
  {
    id: 'stream-when-asked',
    statement: 'The response is an event stream if and only if the request asks for one',
    source: 'GRAMMAR G51; SERVICE-FACTS 7',
    check(exchange) {
      if (exchange.status >= 400) return []
      const asked = isStreamAsked(exchange)
      if (asked === undefined || asked === exchange.streamed) return []
      return [`found ${exchange.streamed ? 'a stream' : 'no stream'}, the request asked for the other`]
    },
  },
  {
    id: 'stream-content-type',
    statement: 'An event stream has the content-type text/event-stream',
    source: 'GRAMMAR G50',
    check({ streamed, contentType }) {
      if (!streamed || contentType === undefined || /^text\/event-stream\b/.test(contentType)) return []
      return [`found content-type ${toShortJson(contentType)}, expected text/event-stream; charset=utf-8`]
    },
  },
]

/**
 * Returns whether the service refused the request. The bodies of HTTP 5xx are unknown (SERVICE-FACTS, Unknown 7),
 * because gateways answer with pages of their own.
 */
function isRefusedStatus(status: number): boolean {
  return status >= 400 && status < 500
}

/** Returns undefined if the request does not tell. */
function isStreamAsked(exchange: Exchange): boolean | undefined {
  if (isCreateExchange(exchange)) return exchange.body ? exchange.body['stream'] === true : undefined
  return exchange.method === 'GET' ? exchange.query['stream'] === 'true' : undefined
}
