import { findHandoffTarget } from '../history/activations.ts'
import {
  groupByRun,
  hasSucceeded,
  isAnsweredWhole,
  listOuterRequests,
  type RunRecord,
} from '../history/runs.ts'
import { isConsumedAsStream } from './delivery.ts'
import type { Invariant, Violation } from './types.ts'

export const itemsAreDelivered: Invariant = {
  id: 'items-are-delivered',
  level: 'must',
  statement:
    'A streamed run that completes delivers each message and each tool call of its complete answers as an item, under the id that the service gave it. A handoff is no tool call.',
  source:
    'docs/adapters.md (the capability items is a promise of the runtime); https://platform.openai.com/docs/api-reference/responses-streaming/response/output_item/done (each output item is announced when it is done)',
  since: '0.1.0',
  needs: ['stream', 'items'],
  check: (history) => groupByRun(history).runs.flatMap(findLostItems),
  countWitnesses: (history) =>
    groupByRun(history).runs.reduce((sum, story) => sum + listOwedItems(story).length, 0),
}

function findLostItems(story: RunRecord): Violation[] {
  const delivered = new Set(
    story.updates.flatMap(({ event: { update } }) => (update.kind === 'item' ? [update.id] : [])),
  )
  return listOwedItems(story)
    .filter(({ id }) => !delivered.has(id))
    .map(({ id, type, at }) => ({
      at,
      message: `run ${story.run} completed, but did not deliver the ${type} ${id}`,
      cause: `${type} not delivered`,
    }))
}

interface OwedItem {
  id: string
  type: 'message' | 'function_call'
  /** The place in the history at which the run completed. */
  at: number
}

/** Returns the items that a consumer must have been given, if it read the whole stream of a run that completed. */
function listOwedItems(story: RunRecord): OwedItem[] {
  const { ended, stopped } = story
  if (!isConsumedAsStream(story) || !ended || !hasSucceeded(story) || stopped !== undefined) return []
  const requests = listOuterRequests(story).filter(isAnsweredWhole)
  return requests.flatMap((request) =>
    (request.ended?.event.response?.output ?? []).flatMap((item) => {
      const { id, type } = item
      const isCall = type === 'function_call' && findHandoffTarget(request, item) === undefined
      return typeof id === 'string' && (type === 'message' || isCall) ? [{ id, type, at: ended.at }] : []
    }),
  )
}
