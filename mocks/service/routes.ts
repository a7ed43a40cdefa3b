import { completeChat } from './chat/endpoint.ts'
import { createResponse } from './create.ts'
import type { Endpoint } from './endpoints/call.ts'
import * as conversations from './endpoints/conversations.ts'
import { compactContext, countInputTokens } from './endpoints/counting.ts'
import * as models from './endpoints/models.ts'
import * as responses from './endpoints/responses.ts'

const create: Endpoint = ({ body, exchange, machine }) => createResponse(body ?? {}, exchange, machine)

/** Every endpoint by method and path. `:id` stands for one segment. The first match is used. */
const ROUTES: readonly (readonly [method: string, path: string, endpoint: Endpoint])[] = [
  ['POST', 'responses', create],
  ['POST', 'responses/input_tokens', countInputTokens],
  ['POST', 'responses/compact', compactContext],
  ['POST', 'chat/completions', completeChat],
  ['GET', 'responses/:id', responses.retrieveResponse],
  ['DELETE', 'responses/:id', responses.deleteResponse],
  ['POST', 'responses/:id/cancel', responses.cancelResponse],
  ['GET', 'responses/:id/input_items', responses.listInputItems],
  ['GET', 'models', models.listModels],
  ['GET', 'models/:id', models.retrieveModel],
  ['POST', 'conversations', conversations.createConversation],
  ['GET', 'conversations/:id', conversations.retrieveConversation],
  ['POST', 'conversations/:id', conversations.updateConversation],
  ['DELETE', 'conversations/:id', conversations.deleteConversation],
  ['POST', 'conversations/:id/items', conversations.createItems],
  ['GET', 'conversations/:id/items', conversations.listItems],
  ['GET', 'conversations/:id/items/:id', conversations.retrieveItem],
  ['DELETE', 'conversations/:id/items/:id', conversations.deleteItem],
]

const TABLE = ROUTES.map(([method, path, endpoint]) => ({ method, parts: path.split('/'), endpoint }))

/** The first segments of the API's own paths. The last of them in a URL ends the base path. */
const FIRST: ReadonlySet<string> = new Set(TABLE.map(({ parts }) => parts[0] ?? ''))

/** Returns the endpoint that a request asks for, or undefined. */
export function findRoute(method: string, url: URL): { endpoint: Endpoint; params: string[] } | undefined {
  const parts = url.pathname.split('/').filter(Boolean)
  const from = parts.findLastIndex((part) => FIRST.has(part))
  const path = parts.slice(from)
  for (const route of TABLE) {
    if (route.method !== method || from < 0) continue
    const params = matchPath(route.parts, path)
    if (params !== undefined) return { endpoint: route.endpoint, params }
  }
  return undefined
}

function matchPath(parts: readonly string[], path: readonly string[]): string[] | undefined {
  if (parts.length !== path.length) return undefined
  const params: string[] = []
  for (const [at, part] of parts.entries()) {
    const found = path[at] ?? ''
    if (part === ':id') params.push(found)
    else if (part !== found) return undefined
  }
  return params
}
