import { refuseListQuery } from '../../request-rules/list-query.ts'
import { findRefusal, type Refusal } from '../../request-rules/rule.ts'
import {
  cancelRules,
  deleteEndedOnly,
  isRunning,
  responseDeleted,
  responseNotFound,
} from '../../request-rules/stored-responses.ts'
import { pollRun } from '../background.ts'
import { findKeptResponse, readStoreHistory } from '../context.ts'
import { buildCancelledResponse } from '../draft.ts'
import { forgetItems, type StoredResponse } from '../store.ts'
import type { Call } from './call.ts'
import { buildListPage } from './listing.ts'
import { resumeStream } from './resume.ts'

/** `GET /responses/{id}`. With `stream=true`, resumes the stream. Without it, each poll advances a background run. */
export async function retrieveResponse(call: Call): Promise<Response> {
  const { exchange, machine } = call
  exchange.reportSeen()
  const stored = findStoredResponse(call)
  if ('rule' in stored) return exchange.refuse(stored)
  if (exchange.incoming.url.searchParams.get('stream') === 'true')
    return resumeStream(stored, exchange, machine)
  if (stored.run !== undefined) pollRun(stored.run)
  return exchange.answerJson(stored.response)
}

/** `DELETE /responses/{id}`. */
export async function deleteResponse(call: Call): Promise<Response> {
  const { exchange, machine } = call
  exchange.reportSeen()
  const stored = findStoredResponse(call)
  if ('rule' in stored) return exchange.refuse(stored)
  const { id, output, status } = stored.response
  const refusal = findRefusal([deleteEndedOnly], { status, options: machine.facts })
  if (refusal !== undefined) return exchange.refuse(refusal)
  const { store } = machine
  store.responses.delete(id)
  store.deleted.set(id, stored)
  stopRun(stored)
  forgetItems(store, output as never)
  return exchange.answerJson({ id, object: 'response.deleted', deleted: true })
}

/** `POST /responses/{id}/cancel` (SERVICE-FACTS 8). */
export async function cancelResponse(call: Call): Promise<Response> {
  const { exchange, machine } = call
  exchange.reportSeen()
  const stored = findStoredResponse(call)
  if ('rule' in stored) return exchange.refuse(stored)
  const { run, response } = stored
  const asked = { status: response.status, background: run, options: machine.facts }
  const refusal = findRefusal(cancelRules, asked)
  if (refusal !== undefined) return exchange.refuse(refusal)
  stopRun(stored)
  return exchange.answerJson(stored.response)
}

/** `GET /responses/{id}/input_items`: lists all items before the output, newest first. */
export async function listInputItems(call: Call): Promise<Response> {
  const { exchange } = call
  exchange.reportSeen()
  const stored = findStoredResponse(call)
  if ('rule' in stored) return exchange.refuse(stored)
  const query = exchange.incoming.url.searchParams
  return exchange.answerOrRefuse(refuseListQuery(query), () => buildListPage(stored.context, query))
}

function findStoredResponse({ params, machine }: Call): StoredResponse | Refusal {
  const [id = ''] = params
  const time = machine.now()
  const asked = { responseId: id, history: readStoreHistory(machine, time), options: machine.facts }
  const refusal = findRefusal([responseDeleted, responseNotFound], asked)
  return refusal ?? (findKeptResponse(machine, id, time) as StoredResponse)
}

/** Cancels a running response, and tells its open streams. */
function stopRun(stored: StoredResponse): void {
  const { run } = stored
  if (run === undefined || !isRunning(stored.response.status)) return
  stored.response = buildCancelledResponse(stored.response)
  run.stop()
  for (const reader of run.readers) reader.cancelled()
}
