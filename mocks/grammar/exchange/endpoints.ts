import { isObject, type Json, type JsonObject, listObjects, toShortJson } from '../../json.ts'

import type { Exchange, ExchangeRule } from './exchange.ts'

interface Shape {
  method: string
  path: RegExp
  /** The field `object` of the body. */
  object: string
  /** Returns whether the other fields of the body are right. `id` is the id in the path. */
  fits(body: JsonObject, id: string): boolean
}

const hasSameId = (body: JsonObject, id: string): boolean => body['id'] === id
const hasId = ({ id }: JsonObject): boolean => typeof id === 'string'
const isDeletion = (body: JsonObject, id: string): boolean => body['id'] === id && body['deleted'] === true
const isList = (body: JsonObject): boolean =>
  Array.isArray(body['data']) && ['first_id', 'last_id', 'has_more'].every((key) => body[key] !== undefined)

/** Each endpoint and its answer (SERVICE-FACTS 8, 12). */
const SHAPES: readonly Shape[] = [
  { method: 'POST', path: /^\/responses$/, object: 'response', fits: hasId },
  {
    method: 'POST',
    path: /^\/responses\/compact$/,
    object: 'response.compaction',
    fits: ({ output }) => listObjects(output).at(-1)?.['type'] === 'compaction',
  },
  {
    method: 'POST',
    path: /^\/responses\/input_tokens$/,
    object: 'response.input_tokens',
    fits: ({ input_tokens: tokens }) => Number.isInteger(tokens),
  },
  { method: 'POST', path: /^\/responses\/([^/]+)\/cancel$/, object: 'response', fits: hasSameId },
  { method: 'GET', path: /^\/responses\/([^/]+)$/, object: 'response', fits: hasSameId },
  { method: 'GET', path: /^\/responses\/[^/]+\/input_items$/, object: 'list', fits: isList },
  { method: 'DELETE', path: /^\/responses\/([^/]+)$/, object: 'response.deleted', fits: isDeletion },
  { method: 'POST', path: /^\/conversations$/, object: 'conversation', fits: hasId },
  { method: 'GET', path: /^\/conversations\/([^/]+)$/, object: 'conversation', fits: hasSameId },
  { method: 'GET', path: /^\/conversations\/[^/]+\/items$/, object: 'list', fits: isList },
  { method: 'DELETE', path: /^\/conversations\/([^/]+)$/, object: 'conversation.deleted', fits: isDeletion },
]

export const endpointRules: readonly ExchangeRule[] = [
  {
    id: 'endpoint-answer',
    statement:
      'Each endpoint answers with its kind of object and with the id of its path. Kinds are a response, a compaction, a token count, a conversation, a list and a deletion',
    source:
      'SERVICE-FACTS 8 (retrieve, cancel, delete, input_items) and 12 (compact, input_tokens, conversations)',
    check(exchange) {
      const body = exchange.streamed ? exchange.response : exchange.json
      const shape = findShape(exchange)
      if (exchange.status >= 400 || exchange.cut || !shape) return []
      const id = shape.path.exec(exchange.path)?.[1] ?? ''
      if (isObject(body) && readObjectKind(body, exchange) === shape.object && shape.fits(body, id)) return []
      return [`found ${toShortJson(body)}, expected a whole ${shape.object}${id && ` of ${id}`}`]
    },
  },
]

/** Returns the field `object`. A response inside a stream event may leave the field out. */
function readObjectKind(body: JsonObject, { streamed }: Exchange): Json | undefined {
  return body['object'] ?? (streamed ? 'response' : undefined)
}

function findShape({ method, path }: Exchange): Shape | undefined {
  return SHAPES.find((shape) => shape.method === method && shape.path.test(path))
}
