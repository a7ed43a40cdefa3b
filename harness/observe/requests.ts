import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { isObject, type Json, type JsonObject, listObjects } from '../../mocks/json.ts'
import type { RequestSeen, ServiceEvent, ServiceWatch } from '../../mocks/service/watch.ts'
import type { HistoryEvent, ModelRequest, SentEvent, ServedResponse, WireError } from '../contract/events.ts'
import type { HistoryRecorder } from '../history/recorder.ts'

/** What only the plan's execution knows of a request, and wants to be told. */
export interface RequestAttribution {
  /** Whose a request for a response is, by what it carries. */
  attribute(request: RequestSeen): Pick<
    ModelRequest,
    'run' | 'agent' | 'handoffs' | 'nested' | 'carries' | 'recorded'
  > & {
    conversation: number | null
  }
  /** The conversation that is on, to which any other request is laid. */
  cause(): { conversation: number | null; run: string | null }
  /** The conversation is held by a stall in the answer to this request. */
  stalled(conversation: number, request: number): void
  /** The client has gone. */
  cancelled(conversation: number, request: number): void
  /** A stream event was sent for it, or with `index` -1 it came. */
  sent(conversation: number, request: number, index: number): void
}

/** What is known of a request later. */
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

/** The path of a request for a response, as such or as a chat completion, whatever base path stands before it. */
const MAKES_RESPONSE = /\/(responses|chat\/completions)\/*(\?|$)/

/** Writes what the service tells into the history, each request under the run that it belongs to. */
export function observeRequests({ add }: HistoryRecorder, desk: RequestAttribution): RequestObserver {
  const owners = new Map<number, number | null>()
  const broken = new Set<number>()
  // What each stream said last of its response.
  const said = new Map<number, JsonObject>()

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
    if (conversation !== null) desk.sent(conversation, number, -1)
  }

  function watch(event: ServiceEvent): void {
    if (event.type === 'request') {
      seen(event.request)
      return
    }
    const owner = owners.get(event.request) ?? null
    if (event.type === 'stalled') {
      if (owner !== null) desk.stalled(owner, event.request)
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
    if (event.type === 'stream.event') desk.sent(owner, event.request, event.index)
  }

  return { watch, ownerOf: (request) => owners.get(request), hasBroken: (request) => broken.has(request) }
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
  if (type === 'response.output_item.done') return { type, item: event.item as unknown as JsonObject }
  if (type === 'response.failed') return { type, ...readError(event.response) }
  // Nested as the service sends it, or flat as the SDKs document it.
  if (type === 'error') return { type, ...readError('error' in event ? event : { error: event }) }
  return { type }
}

/** What an object says went wrong, under `error`. */
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

/** A response as the service last said it; null for what is none. */
function readServedResponse(body: unknown): ServedResponse | null {
  if (!isObject(body) || body['object'] !== 'response' || typeof body['id'] !== 'string') return null
  const usage = readUsage(body['usage'])
  return {
    id: body['id'],
    stored: body['store'] !== false,
    output: listObjects(body['output']),
    ...(usage ? { usage } : {}),
  }
}

function readUsage(usage: Json | undefined) {
  if (!isObject(usage)) return undefined
  return { input: Number(usage['input_tokens'] ?? 0), output: Number(usage['output_tokens'] ?? 0) }
}
