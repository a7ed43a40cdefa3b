import type { JsonObject } from '../../json.ts'

const DEFAULT = 20

/** Returns a page of items. `items` are oldest first; the page is newest first unless `order=asc`. */
export function buildListPage(items: readonly JsonObject[], query: URLSearchParams): JsonObject {
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
