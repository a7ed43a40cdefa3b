import { refuseIssue } from './body-form.ts'
import type { Refusal } from './rule.ts'

/** The largest `limit` of a list (SERVICE-FACTS 6, 8). */
const MAX_LIMIT = 100

/** Returns the refusal of the query of a list, or undefined: `limit` is an integer from 1 to 100, `order` is asc or desc. */
export function refuseListQuery(query: URLSearchParams): Refusal | undefined {
  const limit = query.get('limit')
  if (limit !== null && !/^-?\d+$/.test(limit))
    return refuseIssue({
      kind: 'wrong-type',
      values: { param: 'limit', expected: 'an integer', found: 'a string' },
    })
  if (limit !== null && Number(limit) > MAX_LIMIT)
    return refuseIssue({
      kind: 'integer-too-big',
      values: { param: 'limit', bound: MAX_LIMIT, found: limit },
    })
  if (limit !== null && Number(limit) < 1)
    return refuseIssue({ kind: 'integer-too-small', values: { param: 'limit', bound: 1, found: limit } })
  const order = query.get('order')
  return order === null || order === 'asc' || order === 'desc'
    ? undefined
    : refuseIssue({ kind: 'wrong-value', values: { param: 'order', found: order, values: "'asc', 'desc'" } })
}
