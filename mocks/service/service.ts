import type { RequestHandler } from 'msw'
import type { z } from 'zod'
import { isObject, type JsonObject } from '../json.ts'
import { jsonDepth, MAX_DEPTH } from '../limits.ts'
import { apiKeyValid, bodyIsJson, routeKnown } from '../request-rules/http-request.ts'
import type { ModelTable } from '../request-rules/models.ts'
import { buildRefusal, findRefusal, type Refusal } from '../request-rules/rule.ts'
import { createAttempts } from './attempts.ts'
import { createPadding } from './compose/pieces.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { createHandlers } from './handlers.ts'
import type { Machine } from './machine.ts'
import { defaultFacts, factOptions } from './options.ts'
import { createRandom } from './random.ts'
import { findRoute } from './routes.ts'
import { PLAIN_ANSWER, queueScript, type Script, type ScriptRequest } from './script.ts'
import { createSeal } from './seal.ts'
import { createItemSharing } from './shared-items.ts'
import { SocketConnection, type SocketSetup } from './socket/connection.ts'
import type { SocketMemory } from './socket/memory.ts'
import { createStore, type Store } from './store.ts'
import type { ScriptedAnswer } from './types.ts'
import type { Gate, ServiceWatch } from './watch.ts'

export interface ServiceSetup {
  /** Decides what the service answers. Default: the plain answer to every request. */
  script?: Script
  /** Answers a request for which the script has no answer. Default: the plain answer. */
  unscripted?: (request: ScriptRequest) => ScriptedAnswer
  /** Choices for facts that are unknown or contradictory. */
  facts?: z.input<typeof factOptions>
  /** The seed of ids, tokens and delta sizes. Default `service`. */
  seed?: string
  /**
   * Whether the text alone decides the sizes of its deltas, so that an answer has the same events whatever was asked before.
   * Default: the number of the request decides them, too.
   */
  cutsByText?: boolean
  /** The clock of the service, in ms. Default: the clock of the machine. */
  now?: () => number
  watch?: ServiceWatch
  gate?: Gate
  /** The key that requests must have as `Authorization: Bearer …`. If absent, every request is accepted. */
  apiKey?: string
  /**
   * The models and their abilities; `*` stands for all other names. Default: every model exists and can do everything.
   */
  models?: ModelTable
}

export interface Service {
  /** The handlers for MSW's setupServer or getResponse. */
  handlers: RequestHandler[]
  /** Answers a request without MSW. Never rejects, whatever a client sends, and never answers 5xx by itself. */
  handle(request: Request, socket?: SocketMemory): Promise<Response>
  /** Begins a WebSocket connection. The result takes the messages of the client. */
  connect(opened: Pick<SocketSetup, 'url' | 'headers' | 'peer'>): SocketConnection | Refusal
  /** The data of the service. Read it, do not write it. */
  store: Store
}

/**
 * Creates a stateful Responses API. Two services share nothing. The service never sleeps: it answers at once unless a
 * gate holds the answer.
 */
export function createService(setup: ServiceSetup = {}): Service {
  const seed = setup.seed ?? 'service'
  const shared = {
    store: createStore(),
    facts: setup.facts === undefined ? defaultFacts : factOptions.parse(setup.facts),
    script: setup.script ?? queueScript([]),
    unscripted: setup.unscripted ?? (() => PLAIN_ANSWER),
    now: setup.now ?? Date.now,
    cutBy: setup.cutsByText ? (text: string) => createRandom(`${seed} ${text}`) : undefined,
    padDelta: createPadding(seed),
    attempts: createAttempts(),
    watch: setup.watch ?? (() => {}),
    gate: setup.gate,
    apiKey: setup.apiKey,
    models: setup.models,
  }
  const share = createItemSharing()
  let count = 0
  const handle = async (request: Request, socket?: SocketMemory): Promise<Response> => {
    const number = ++count
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
    const text = hasBody ? await request.text().catch(() => null) : undefined
    // The client went away while it sent the request.
    if (text === null) return Response.error()
    const incoming = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      text,
      signal: request.signal,
    }
    // Each request has its own random source, so that its numbers do not depend on concurrent requests.
    const random = createRandom(`${seed} ${number}`)
    const machine: Machine = { ...shared, random, seal: createSeal(seed, random), socket }
    return answerRequest(createExchange(machine, number, incoming), machine, share)
  }
  const connect: Service['connect'] = (opened) => {
    const authorization = opened.headers.get('authorization')
    const refusal = findRefusal([apiKeyValid], { authorization, apiKey: shared.apiKey })
    const { now, facts } = shared
    return refusal ?? new SocketConnection({ ...opened, handle, now, lanes: facts.socketLanes })
  }
  return { handlers: createHandlers(handle), handle, connect, store: shared.store }
}

/** Finds the endpoint of a request and calls it: checks the key, then the route, then the JSON of the body. */
async function answerRequest(
  exchange: Exchange,
  machine: Machine,
  share: (body: JsonObject) => JsonObject,
): Promise<Response> {
  const { method, url, headers, text } = exchange.incoming
  const refuse = (refusal: Refusal) => {
    exchange.reportSeen()
    return exchange.refuse(refusal)
  }
  const authorization = headers.get('authorization')
  const stranger = findRefusal([apiKeyValid], { authorization, apiKey: machine.apiKey })
  if (stranger !== undefined) return refuse(stranger)
  const route = findRoute(method, url)
  if (route === undefined) return refuse(buildRefusal(routeKnown, { method, path: url.pathname }))
  const body = parseBody(text)
  if (body === 'malformed') return refuse(buildRefusal(bodyIsJson))
  return route.endpoint({ params: route.params, body: body && share(body), exchange, machine })
}

/** Returns the JSON object of a body, or undefined without a body. A body that is nested too deep is malformed. */
function parseBody(text: string | undefined): JsonObject | undefined | 'malformed' {
  if (text === undefined || text === '') return undefined
  if (jsonDepth(text) > MAX_DEPTH) return 'malformed'
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) ? body : 'malformed'
  } catch {
    return 'malformed'
  }
}
