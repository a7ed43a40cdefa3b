import { isObject, type JsonObject } from '../../mocks/json.ts'
import { effectiveContexts, inputItems } from '../history/context.ts'
import { eventsOf, type History } from '../history/events.ts'
import type { Invariant } from './types.ts'

export const noStalePreviousResponseId: Invariant = {
  id: 'no-stale-previous-response-id',
  level: 'must',
  statement:
    'A request names a response only if it belongs to the same conversation, the service still has it, it may be continued, and every open call of it is answered in this request.',
  source: 'microsoft/agent-framework#4053; API reference, create a response, previous_response_id',
  since: '0.1.0',
  needs: ['previous-response'],
  check(history) {
    const contexts = effectiveContexts(history)
    return history.flatMap((event, at) => {
      if (event.kind !== 'request') return []
      const id = event.body['previous_response_id']
      if (typeof id !== 'string') return []
      const why = stale(id, history.slice(0, at)) ?? unanswered(contexts.get(event.request) ?? [], event.body)
      return why === undefined ? [] : [{ at, message: `request ${event.request} names ${id}: ${why}` }]
    })
  },
}

function stale(id: string, before: History): string | undefined {
  const given = eventsOf(before, 'response.end').find((event) => event.response?.id === id)
  if (given === undefined) return 'no response of this conversation has that id'
  if (given.response?.stored === false) return 'it was not stored'
  if (given.how === 'failed' || given.how === 'cut') return `it ended ${given.how} and cannot be continued`
  return undefined
}

function unanswered(context: readonly JsonObject[], body: JsonObject): string | undefined {
  const answered = new Set(
    [...context, ...inputItems(body['input'] ?? null)]
      .filter((item) => item['type'] === 'function_call_output')
      .map((item) => item['call_id']),
  )
  const open = context.find(
    (item) => isObject(item) && item['type'] === 'function_call' && !answered.has(item['call_id']),
  )
  return open === undefined ? undefined : `its call ${String(open['call_id'])} has no output in this request`
}
