import type { RequestHandler } from 'msw'
import type { z } from 'zod'
import { isObject, type JsonObject } from '../json.ts'
import { jsonDepth, MAX_DEPTH } from '../limits.ts'
import { apiKeyValid, bodyIsJson, routeKnown } from '../request-rules/http-request.ts'
import type { ModelTable } from '../request-rules/models.ts'
import { buildRefusal, findRefusal, type Refusal } from '../request-rules/rule.ts'
import { attemptsOf } from './attempts.ts'
import { paddingOf } from './compose/pieces.ts'
import { type Exchange, exchangeOf } from './exchange.ts'
import { handlersOf } from './handlers.ts'
import type { Machine } from './machine.ts'
import { defaultFacts, factOptions } from './options.ts'
import { randomOf } from './random.ts'
import { routeOf } from './routes.ts'
import { queueScript, type Script } from './script.ts'
import { sealOf } from './seal.ts'
import { shareItems } from './shared-items.ts'
import { emptyStore, type Store } from './store.ts'
import type { Gate, ServiceWatch } from './watch.ts'

export interface ServiceSetup {
  /** Who decides what is answered; default: nothing scripted, every answer the plain one. */
  script?: Script
  /** Choices where the facts are unknown or contradict one another. */
  facts?: z.input<typeof factOptions>
  /** Of ids, tokens and delta sizes. Default `service`. */
  seed?: string
  /** The service's clock, in ms; default the machine's. */
  now?: () => number
  watch?: ServiceWatch
  gate?: Gate
  /** Required as `Authorization: Bearer …` where given; else every key, or none, is taken. */
  apiKey?: string
  /** The models that exist and what they can do, `*` for all other names; default: every name, everything. */
  models?: ModelTable
}

export interface Service {
  /** For MSW's setupServer or getResponse. */
  handlers: RequestHandler[]
  /** The same without MSW. Never rejects for anything that a client sends, and never answers 5xx of its own. */
  handle(request: Request): Promise<Response>
  /** What the service remembers: read, do not write. */
  store: Store
}

/**
 * A stateful Responses API. One value holds one service; two share nothing.
 * It keeps no time and never sleeps: it answers at once, save where a gate holds it.
 */
export function createService(setup: ServiceSetup = {}): Service {
  const seed = setup.seed ?? 'service'
  const shared = {
    store: emptyStore(),
    facts: setup.facts === undefined ? defaultFacts : factOptions.parse(setup.facts),
    script: setup.script ?? queueScript([]),
    now: setup.now ?? Date.now,
    pad: paddingOf(seed),
    attempts: attemptsOf(),
    watch: setup.watch ?? (() => {}),
    gate: setup.gate,
    apiKey: setup.apiKey,
    models: setup.models,
  }
  const share = shareItems()
  let count = 0
  const handle = async (request: Request): Promise<Response> => {
    const number = ++count
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
    const text = hasBody ? await request.text().catch(() => null) : undefined
    // The client went while it sent: nothing was asked.
    if (text === null) return Response.error()
    const incoming = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      text,
      signal: request.signal,
    }
    // A source of its own: what is drawn for a request does not depend on what else is under way.
    const random = randomOf(`${seed} ${number}`)
    const machine: Machine = { ...shared, random, seal: sealOf(seed, random) }
    return answer(exchangeOf(machine, number, incoming), machine, share)
  }
  return { handlers: handlersOf(handle), handle, store: shared.store }
}

/** From a request to its endpoint: the key first, then the route, then the body's JSON. */
async function answer(
  exchange: Exchange,
  machine: Machine,
  share: (body: JsonObject) => JsonObject,
): Promise<Response> {
  const { method, url, headers, text } = exchange.incoming
  const refuse = (refusal: Refusal) => {
    exchange.seen()
    return exchange.refuse(refusal)
  }
  const authorization = headers.get('authorization')
  const stranger = findRefusal([apiKeyValid], { authorization, apiKey: machine.apiKey })
  if (stranger !== undefined) return refuse(stranger)
  const route = routeOf(method, url)
  if (route === undefined) return refuse(buildRefusal(routeKnown, { method, path: url.pathname }))
  const body = bodyOf(text)
  if (body === 'malformed') return refuse(buildRefusal(bodyIsJson))
  return route.endpoint({ params: route.params, body: body && share(body), exchange, machine })
}

/** The JSON object of a body; undefined where there is none. One nested too deep for what walks it is malformed. */
function bodyOf(text: string | undefined): JsonObject | undefined | 'malformed' {
  if (text === undefined || text === '') return undefined
  if (jsonDepth(text) > MAX_DEPTH) return 'malformed'
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) ? body : 'malformed'
  } catch {
    return 'malformed'
  }
}
