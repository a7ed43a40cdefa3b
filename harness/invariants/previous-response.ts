import { openCalls } from '../../mocks/grammar/input/calls.ts'
import type { JsonObject } from '../../mocks/json.ts'
import { effectiveContexts } from '../history/context.ts'
import { conversationOfRun, eventsOf, type History } from '../history/events.ts'
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
      const why = stale(id, event.run, history.slice(0, at)) ?? unanswered(contexts.get(event.request) ?? [])
      return why === undefined ? [] : [{ at, message: `request ${event.request} names ${id}: ${why}` }]
    })
  },
}

function stale(id: string, run: string | null, before: History): string | undefined {
  const given = eventsOf(before, 'response.end').find((event) => event.response?.id === id)
  const asked = eventsOf(before, 'request').find((event) => event.request === given?.request)
  if (given === undefined || conversationOfRun(asked?.run ?? null) !== conversationOfRun(run))
    return 'no response of this conversation has that id'
  if (given.response?.stored === false) return 'it was not stored'
  if (given.how === 'failed' || given.how === 'cut') return `it ended ${given.how} and cannot be continued`
  return undefined
}

/** Only function calls count: of most other kinds nobody knows whether the service insists on an output. */
function unanswered(context: readonly JsonObject[]): string | undefined {
  const open = openCalls(context).find(({ type }) => type === 'function_call')
  return open === undefined ? undefined : `its call ${open.callId} has no output in this request`
}
