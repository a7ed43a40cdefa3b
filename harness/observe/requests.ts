import { isObject, type JsonObject, objectsIn } from '../../mocks/json.ts'
import type { ServiceEvent, ServiceWatch } from '../../mocks/service/watch.ts'
import type { ServedResponse } from '../history/events.ts'
import type { HistoryRecorder } from '../history/recorder.ts'

/** What of a request its owner decides, and what is known of it later. */
export interface RequestObserver {
  watch: ServiceWatch
  /** The conversation to which a request was laid; null where nothing decided, undefined where it was never seen. */
  ownerOf(request: number): number | null | undefined
  /**
   * Whether the stream that answers a request has broken its form, by garbage or an `error` event. A client may leave at
   * that place or later, and over http nothing tells when.
   */
  hasBroken(request: number): boolean
}

/** Writes what the service tells into the history, each request under the run that it belongs to. */
export function observeRequests(
  history: HistoryRecorder,
  owner: (context: unknown) => number | null,
  runOf: (conversation: number) => string | null,
  cancelled: (conversation: number, request: number) => void,
): RequestObserver {
  const owners = new Map<number, number | null>()
  const broken = new Set<number>()
  // What each stream said last of its response.
  const said = new Map<number, JsonObject>()
  const watch: ServiceWatch = (event) => {
    if (event.type === 'request') {
      const { number, context, body } = event.request
      const conversation = owner(context)
      owners.set(number, conversation)
      const run = conversation === null ? null : runOf(conversation)
      history.add({ kind: 'request', request: number, run, body: isObject(body) ? body : {} })
      return
    }
    if (event.type === 'stream.event') {
      if (breaksForm(event.event)) broken.add(event.request)
      const response = isObject(event.event) ? event.event['response'] : undefined
      if (isObject(response)) said.set(event.request, response)
    }
    const conversation = owners.get(event.request)
    if (event.type === 'request.cancelled' && typeof conversation === 'number')
      cancelled(conversation, event.request)
    tell(event, said.get(event.request), history)
  }
  return { watch, ownerOf: (request) => owners.get(request), hasBroken: (request) => broken.has(request) }
}

function breaksForm(event: { type: string } | string): boolean {
  return typeof event === 'string' || event.type === 'error'
}

function tell(
  event: Exclude<ServiceEvent, { type: 'request' }>,
  streamed: JsonObject | undefined,
  { add }: HistoryRecorder,
): void {
  const { request } = event
  if (event.type === 'stream.event') {
    const type = typeof event.event === 'string' ? 'garbage' : event.event.type
    add({ kind: 'stream.event', request, index: event.index, type })
  } else if (event.type === 'response.end') {
    const response = event.outcome === 'cut' ? null : servedIn(event.body ?? streamed)
    add({ kind: 'response.end', request, how: event.outcome, response })
  } else if (event.type === 'request.refused') add({ kind: 'request.refused', request, rule: event.rule })
  else if (event.type === 'request.unscripted') add({ kind: 'request.unscripted', request })
  else if (event.type === 'request.cancelled') add({ kind: 'request.cancelled', request })
}

/** A response as the service last said it; null for what is none. */
function servedIn(body: unknown): ServedResponse | null {
  if (!isObject(body) || body['object'] !== 'response' || typeof body['id'] !== 'string') return null
  return { id: body['id'], stored: body['store'] !== false, output: objectsIn(body['output']) }
}
