import { toShortJson } from '../../json.ts'

import type { Exchange, ExchangeRule } from './exchange.ts'

/**
 * The form of ids since mid-2025: prefix, 16 hex digits of lineage, 34 more hex digits. Ids of another form are not
 * checked.
 */
const FORM = /^[a-z]+_([0-9a-f]{16})[0-9a-f]{34}$/

/** The rules about the lineage that ids have in common. */
export const lineageRules: readonly ExchangeRule[] = [
  {
    id: 'items-share-lineage',
    statement: 'The ids of the items have the lineage of the response id: the first 16 of 50 hex digits',
    source: 'SERVICE-FACTS 5: 2,621 of 2,622 items',
    check(exchange) {
      const lineage = readLineage(exchange.response?.['id'])
      return exchange.output
        .filter(({ id }) => areKnownAndDifferent(lineage, readLineage(id)))
        .map(({ id }) => `found item id ${toShortJson(id)}, expected the lineage ${lineage}`)
    },
  },
  {
    id: 'chain-shares-lineage',
    statement: 'A response that continues another response has the same lineage',
    source: 'SERVICE-FACTS 5: 22 of 22 in the new form',
    check({ response }: Exchange) {
      const lineage = readLineage(response?.['previous_response_id'])
      if (!areKnownAndDifferent(lineage, readLineage(response?.['id']))) return []
      return [`found response id ${toShortJson(response?.['id'])}, expected the lineage ${lineage}`]
    },
  },
]

function readLineage(id: unknown): string | undefined {
  return typeof id === 'string' ? FORM.exec(id)?.[1] : undefined
}

/** Returns whether two lineages are known and different. */
function areKnownAndDifferent(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}
