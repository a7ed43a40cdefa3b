import type { Json } from '../json.ts'
import { isObject } from '../json.ts'
import { createResponse } from './create.ts'
import { retrieveResponse } from './endpoints/responses.ts'
import type { Exchange } from './exchange.ts'
import type { Machine } from './machine.ts'

/** One call of an endpoint: the ids in its path, the body where there was one. */
export interface Call {
  params: readonly string[]
  body: Json | undefined
  exchange: Exchange
  machine: Machine
}

export type Endpoint = (call: Call) => Promise<Response>

/** Every endpoint by method and path; `:id` stands for one part of the path. The first that fits is taken. */
const ROUTES: readonly { method: string; parts: readonly string[]; endpoint: Endpoint }[] = [
  {
    method: 'POST',
    parts: ['responses'],
    endpoint: ({ body, exchange, machine }) => createResponse(isObject(body) ? body : {}, exchange, machine),
  },
  { method: 'GET', parts: ['responses', ':id'], endpoint: retrieveResponse },
]

/** The endpoint that a request asks for, under whatever base path. */
export function routeOf(method: string, url: URL): { endpoint: Endpoint; params: string[] } | undefined {
  const path = url.pathname.split('/').filter(Boolean)
  for (const route of ROUTES) {
    if (route.method !== method) continue
    const params = matched(route.parts, path.slice(-route.parts.length))
    if (params !== undefined) return { endpoint: route.endpoint, params }
  }
  return undefined
}

function matched(parts: readonly string[], path: readonly string[]): string[] | undefined {
  if (parts.length !== path.length) return undefined
  const params: string[] = []
  for (const [at, part] of parts.entries()) {
    const found = path[at] ?? ''
    if (part === ':id') params.push(decodeURIComponent(found))
    else if (part !== found) return undefined
  }
  return params
}
