import type { JsonObject } from '../../json.ts'
import { parseSse } from '../../sse.ts'
import type { Service } from '../service.ts'

/** The answer of a service: status, JSON or stream events, headers. */
export interface Answered {
  status: number
  json: JsonObject
  events: JsonObject[]
  headers: Headers
}

/** Calls a service without a client, for tests that look at the wire. */
export async function callService(
  service: Service,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const init: RequestInit = { method, headers }
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await service.handle(new Request(`http://service.test/v1${path}`, init))
  const text = response.type === 'error' ? '' : await response.text()
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream')
  return {
    status: response.status,
    json: streamed || text === '' ? {} : (JSON.parse(text) as JsonObject),
    events: streamed ? parseSse(text).map(({ data }) => JSON.parse(data) as JsonObject) : [],
    headers: response.headers,
  }
}
