import { parseEndpoint } from '../../endpoint.ts'
import { isObject, type Json, type JsonObject, listObjects } from '../../json.ts'
import type { Recording } from '../../recordings/types.ts'
import type { Rule } from '../types.ts'
import { parseSseEvents } from '../wire.ts'

/** One recorded request with its response, as the exchange rules read it. */
export interface Exchange {
  method: string
  /** The path without host and base path: `/responses/resp_1/cancel`. */
  path: string
  query: Readonly<Record<string, string>>
  /** The JSON body of the request. Undefined if the body was not recorded or is not an object. */
  body: JsonObject | undefined
  status: number
  /** The content-type of the response. Undefined if the recording has no headers. */
  contentType: string | undefined
  /** Whether the response is an event stream. */
  streamed: boolean
  /** Whether a WebSocket carried the exchange. */
  overSocket: boolean
  /** Whether the end of the body is missing because the client left or the connection broke. */
  cut: boolean
  /** The JSON body of a response that is not a stream. */
  json: Json | undefined
  /** The response object. In a stream, the one of the last lifecycle event. */
  response: JsonObject | undefined
  /**
   * The output of the response. If the terminal event of a stream has no output, the items that were done in the
   * stream.
   */
  output: readonly JsonObject[]
}

/** A rule about one exchange. `check` returns a message for each breach, without a full stop. */
export interface ExchangeRule extends Rule {
  check(exchange: Exchange): readonly string[]
}

export function readExchange({ request, response }: Recording): Exchange {
  const { path, query } = parseEndpoint(request.url)
  const json = 'json' in response.body ? response.body.json : undefined
  const shown =
    'sse' in response.body ? readStreamedResponse(response.body.sse) : { response: toResponse(json) }
  return {
    method: request.method,
    path,
    query,
    body: request.recorded && isObject(request.body) ? request.body : undefined,
    status: response.status,
    contentType: findHeader(response.headers, 'content-type'),
    streamed: 'sse' in response.body,
    overSocket: request.socket !== undefined,
    cut: 'cut' in response.body && response.body.cut !== undefined,
    json,
    response: shown.response,
    output: shown.output ?? listObjects(shown.response?.['output']),
  }
}

/** Returns whether an exchange creates a response. */
export function isCreateExchange({ method, path }: Pick<Exchange, 'method' | 'path'>): boolean {
  return method === 'POST' && path === '/responses'
}

function toResponse(json: Json | undefined): JsonObject | undefined {
  return isObject(json) && json['object'] === 'response' ? json : undefined
}

function readStreamedResponse(sse: string): { response: JsonObject | undefined; output?: JsonObject[] } {
  let response: JsonObject | undefined
  const done: JsonObject[] = []
  for (const { data } of parseSseEvents(sse)) {
    if (!isObject(data)) continue
    if (isObject(data['response'])) response = data['response']
    if (data['type'] === 'response.output_item.done' && isObject(data['item'])) done.push(data['item'])
  }
  const output = listObjects(response?.['output'])
  return { response, output: output.length > 0 ? output : done }
}

function findHeader(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}
