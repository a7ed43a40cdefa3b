import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { isObject, type Json, type JsonObject, listObjects } from '../../mocks/json.ts'
import type { RequestSeen, ServiceEvent, ServiceWatch } from '../../mocks/service/watch.ts'
import type { HistoryEvent, ModelRequest, SentEvent, ServedResponse, WireError } from '../contract/events.ts'
import type { HistoryRecorder } from '../history/recorder.ts'

/** What the execution of a plan knows of a request, and how it hears what happens to the request. */
export interface RequestAttribution {
  /** Returns whose request for a response this is, by the canaries in it. */
  attribute(request: RequestSeen): Pick<
    ModelRequest,
    'run' | 'agent' | 'handoffs' | 'nested' | 'carries' | 'recorded'
  > & {
    conversation: number | null
  }
  /** Returns the conversation that has its turn. All other requests belong to it. */
  cause(): { conversation: number | null; run: string | null }
  /** Called when a stall in the answer holds the conversation. */
  stalled(conversation: number, request: number, run: string | null): void
  /** Called when the client has gone. */
  cancelled(conversation: number, request: number): void
  /** Called when a stream event was sent for a request of the run, or with `index` -1 when the request arrived. */
  sent(run: string, request: number, index: number): void
}

/** Records requests, and answers questions about earlier ones. */
export interface RequestObserver {
  watch: ServiceWatch
  /** Returns the conversation of a request. Null if nothing says which; undefined if the request was never seen. */
  ownerOf(request: number): number | null | undefined
  /** Returns the run that sent a request for a response. Null for any other request, and if nothing says which run. */
  runOf(request: number): string | null
  /**
   * Returns whether the answer's stream was broken by garbage or an `error` event. A client may leave at that place
   * or later, and over http nothing says when.
   */
  hasBroken(request: number): boolean
}

/** The path of a request for a response or a chat completion, with any base path before it. */
const MAKES_RESPONSE = /\/(responses|chat\/completions)\/*(\?|$)/

/** Records what the service receives and sends, each request under its run. */
export function observeRequests({ add }: HistoryRecorder, desk: RequestAttribution): RequestObserver {
  const owners = new Map<number, number | null>()
  const runs = new Map<number, string | null>()
  const broken = new Set<number>()
  // The last version of the response in each stream.
  const said = new Map<number, JsonObject>()

  const runOf = (request: number) => runs.get(request) ?? null

  function seen(request: RequestSeen): void {
    const { number, method, path, body } = request
    if (method !== 'POST' || !MAKES_RESPONSE.test(path)) {
      const { conversation, run } = desk.cause()
      owners.set(number, conversation)
      add({ kind: 'request.other', request: number, run, method, path })
      return
    }
    const { conversation, run, agent, handoffs, nested, carries, recorded } = desk.attribute(request)
    owners.set(number, conversation)
    runs.set(number, run)
    add({
      kind: 'request',
      request: number,
      run,
      ...(agent === undefined ? {} : { agent }),
      ...(handoffs === undefined ? {} : { handoffs }),
      ...(nested === undefined ? {} : { nested }),
      attempt: request.attempt ?? 0,
      body: isObject(body) ? body : {},
      context: request.context ?? [],
      carries,
      ...(recorded === undefined ? {} : { recorded }),
    })
    if (run !== null) desk.sent(run, number, -1)
  }

  function watch(event: ServiceEvent): void {
    if (event.type === 'request') {
      seen(event.request)
      return
    }
    const owner = owners.get(event.request) ?? null
    if (event.type === 'stalled') {
      if (owner !== null) desk.stalled(owner, event.request, runOf(event.request))
      return
    }
    if (event.type === 'stream.event') {
      if (typeof event.event === 'string' || event.event.type === 'error') broken.add(event.request)
      else if ('response' in event.event)
        said.set(event.request, event.event.response as unknown as JsonObject)
    }
    const told = toHistoryEvent(event, said.get(event.request))
    if (told !== undefined) add(told)
    if (owner === null) return
    if (event.type === 'request.cancelled') desk.cancelled(owner, event.request)
    const run = runOf(event.request)
    if (event.type === 'stream.event' && run !== null) desk.sent(run, event.request, event.index)
  }

  return {
    watch,
    ownerOf: (request) => owners.get(request),
    runOf,
    hasBroken: (request) => broken.has(request),
  }
}

function toHistoryEvent(
  event: Exclude<ServiceEvent, { type: 'request' | 'stalled' }>,
  streamed: JsonObject | undefined,
): HistoryEvent | undefined {
  const { request } = event
  switch (event.type) {
    case 'stream.event':
      return { kind: 'stream.event', request, index: event.index, ...toSentEvent(event.event) }
    case 'response.end': {
      const { outcome: how, status, body } = event
      const response = how === 'cut' ? null : readServedResponse(body ?? streamed)
      return {
        kind: 'response.end',
        request,
        how,
        ...(status === undefined ? {} : { status }),
        response,
        ...readError(body),
      }
    }
    case 'request.refused':
      return { kind: 'request.refused', request, rule: event.rule, status: event.status }
    case 'request.unscripted':
    case 'request.cancelled':
      return { kind: event.type, request }
    case 'script-impossible':
      return undefined
  }
}

function toSentEvent(event: ResponseStreamEvent | string): Omit<SentEvent, 'kind' | 'request' | 'index'> {
  if (typeof event === 'string') return { type: 'garbage' }
  const { type } = event
  if (type === 'response.output_text.delta' || type === 'response.refusal.delta')
    return { type, delta: event.delta }
  if (type === 'response.output_item.added' || type === 'response.output_item.done')
    return { type, item: event.item as unknown as JsonObject }
  if (type === 'response.failed') return { type, ...readError(event.response) }
  // The service sends the error nested. The SDKs document it flat.
  if (type === 'error') return { type, ...readError('error' in event ? event : { error: event }) }
  return { type }
}

/** Returns the error in the property `error` of an object. */
function readError(held: unknown): { error?: WireError } {
  const error = isObject(held) ? held['error'] : undefined
  if (!isObject(error)) return {}
  const { code, message } = error
  return {
    error: {
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    },
  }
}

/** Returns the parts of a response that the history keeps. Null if the value is no response. */
function readServedResponse(body: unknown): ServedResponse | null {
  if (!isObject(body) || body['object'] !== 'response' || typeof body['id'] !== 'string') return null
  const usage = readUsage(body['usage'])
  const details = body['incomplete_details']
  const reason = isObject(details) ? details['reason'] : undefined
  return {
    id: body['id'],
    stored: body['store'] !== false,
    output: listObjects(body['output']),
    ...(usage ? { usage } : {}),
    ...(typeof reason === 'string' ? { incompleteReason: reason } : {}),
  }
}

function readUsage(usage: Json | undefined) {
  if (!isObject(usage)) return undefined
  return { input: Number(usage['input_tokens'] ?? 0), output: Number(usage['output_tokens'] ?? 0) }
}
