import { poll } from '../background.ts'
import { liveResponse } from '../context.ts'
import { cancelledResponse } from '../draft.ts'
import type { Machine } from '../machine.ts'
import { type Refused, refused } from '../refusals/refusal.ts'
import * as section8 from '../refusals/section-8.ts'
import { forgetItems, type StoredResponse } from '../store.ts'
import type { Call } from './call.ts'
import { listed, refuseListing } from './listing.ts'
import { resumeStream } from './resume.ts'

/** `GET /responses/{id}`; with `stream=true` the stream is resumed. A poll of a background run moves it on. */
export async function retrieveResponse(call: Call): Promise<Response> {
  const { exchange, machine } = call
  exchange.seen()
  const stored = found(call)
  if ('rule' in stored) return exchange.refuse(stored)
  if (exchange.incoming.url.searchParams.get('stream') === 'true')
    return resumeStream(stored, exchange, machine)
  if (stored.run !== undefined) poll(stored.run)
  return exchange.json(stored.response)
}

/** `DELETE /responses/{id}`. */
export async function deleteResponse(call: Call): Promise<Response> {
  const { exchange, machine } = call
  exchange.seen()
  const stored = found(call)
  if ('rule' in stored) return exchange.refuse(stored)
  if (isRunning(stored) && machine.facts.deleteRunning === 'refuse')
    return exchange.refuse(refused(section8.deleteRunning))
  const { id, output } = stored.response
  const { store } = machine
  store.responses.delete(id)
  store.deleted.set(id, stored)
  stopped(stored)
  forgetItems(store, output as never)
  return exchange.json({ id, object: 'response.deleted', deleted: true })
}

/** `POST /responses/{id}/cancel` (SERVICE-FACTS 8). */
export async function cancelResponse(call: Call): Promise<Response> {
  const { exchange, machine } = call
  exchange.seen()
  const stored = found(call)
  if ('rule' in stored) return exchange.refuse(stored)
  const { run, response } = stored
  if (run === undefined) return exchange.refuse(refused(section8.cancelSynchronous))
  if (isRunning(stored)) stopped(stored)
  else if (response.status !== 'cancelled' && !mayCancelEnded(run.streamed, machine))
    return exchange.refuse(refused(section8.cancelCompleted))
  return exchange.json(stored.response)
}

/** `GET /responses/{id}/input_items`: everything before the output, newest first. */
export async function listInputItems(call: Call): Promise<Response> {
  const { exchange } = call
  exchange.seen()
  const stored = found(call)
  if ('rule' in stored) return exchange.refuse(stored)
  const query = exchange.incoming.url.searchParams
  return exchange.refuseOr(refuseListing(query), () => listed(stored.context, query))
}

function found({ params, machine }: Call): StoredResponse | Refused {
  const [id = ''] = params
  const stored = liveResponse(machine, id)
  if (stored !== undefined) return stored
  const shown = machine.store.deleted.has(id) && machine.facts.deletedResponse === 'deleted'
  return refused(shown ? section8.responseDeleted : section8.responseNotFound, { id })
}

function isRunning({ response: { status } }: StoredResponse): boolean {
  return status === 'queued' || status === 'in_progress'
}

/** Ends a run before its end: the response is cancelled, its streams are told. */
function stopped(stored: StoredResponse): void {
  const { run } = stored
  if (run === undefined || !isRunning(stored)) return
  stored.response = cancelledResponse(stored.response)
  run.stop()
  for (const reader of run.readers) reader.cancelled()
}

function mayCancelEnded(streamed: boolean, { facts }: Machine): boolean {
  return facts.cancelCompleted === 'accept' || (facts.cancelCompleted === 'by-stream' && !streamed)
}
