import type { JsonObject } from '../../json.ts'
import { type Refused, refused } from '../refusals/refusal.ts'
import { invalidType, invalidValue, numberTooBig, numberTooSmall } from '../refusals/section-6.ts'

const MOST = 100
const DEFAULT = 20

/** What is wrong with the query of a list: `limit` up to 100 (SERVICE-FACTS 6, 8), `order` asc or desc. */
export function refuseListing(query: URLSearchParams): Refused | undefined {
  const limit = query.get('limit')
  if (limit !== null && !/^-?\d+$/.test(limit))
    return refused(invalidType, { param: 'limit', expected: 'an integer', found: 'a string' })
  if (limit !== null && Number(limit) > MOST)
    return refused(numberTooBig.integer, { param: 'limit', bound: MOST, found: limit })
  if (limit !== null && Number(limit) < 1)
    return refused(numberTooSmall.integer, { param: 'limit', bound: 1, found: limit })
  const order = query.get('order')
  return order === null || order === 'asc' || order === 'desc'
    ? undefined
    : refused(invalidValue, { param: 'order', found: order, values: "'asc', 'desc'" })
}

/** A page of items that are held oldest first; newest first unless `order=asc`. */
export function listed(items: readonly JsonObject[], query: URLSearchParams): JsonObject {
  const ordered = query.get('order') === 'asc' ? items : items.toReversed()
  const after = query.get('after')
  const from = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1
  const limit = Number(query.get('limit') ?? DEFAULT)
  const data = ordered.slice(from, from + limit)
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: ordered.length > from + limit,
  }
}
