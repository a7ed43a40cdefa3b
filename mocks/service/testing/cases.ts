import type { JsonObject } from '../../json.ts'
import { queueScript } from '../script.ts'
import { createService, type Service, type ServiceSetup } from '../service.ts'
import type { Answer } from '../types.ts'
import type { Gate } from '../watch.ts'
import { functionTool } from './arbitraries.ts'
import { type Answered, callService } from './calls.ts'

/** One request of a case. */
export interface Asked {
  method?: string
  path?: string
  /** A string is sent unchanged, an object as JSON. */
  body?: unknown
  headers?: Record<string, string>
}

/**
 * One kind of illegal request and its legal neighbour. `history` prepares the service for both. `rule` refuses the
 * request of `refused`. The request of `accepted` differs in one thing and is accepted.
 */
export interface Case {
  rule: string
  name: string
  /** Called for each run, because scripts are used up. */
  setup?(): ServiceSetup
  /** The setup for the neighbour, if the setup is the one difference. */
  acceptedSetup?(): ServiceSetup
  history?(before: Before): Promise<unknown>
  refused(history: never): Asked
  accepted(history: never): Asked
  status: number
  code: string | null
  param: string | null
}

/** What a history can do. */
export interface Before {
  service: Service
  ask(asked: Asked): Promise<Answered>
  /** Sends `POST /responses` with these parameters and a model. Returns the response. */
  create(body: JsonObject): Promise<JsonObject>
  /** Advances the clock of the service, in ms. */
  forward(ms: number): void
}

export const CALL: Answer = {
  items: [{ type: 'call', tool: 'lookup', args: { city: 'Bern' } }],
  always: true,
}
export const TEXT: Answer = { items: [{ type: 'text', text: 'Fine.' }], always: true }
export const THOUGHT: Answer = {
  items: [
    { type: 'reasoning', summary: ['Hm.'], encrypted: false },
    { type: 'text', text: 'Fine.' },
  ],
  always: true,
}
export const tools = [functionTool('lookup')]

/** Holds every stream after its first event, for ever. */
export const holdStreams: Gate = ({ kind, index }) =>
  kind === 'event' && index > 0 ? new Promise(() => {}) : undefined

/** Returns a case with the type of its history. */
export function defineCase<History>(
  held: Omit<Case, 'history' | 'refused' | 'accepted'> & {
    history?(before: Before): Promise<History>
    refused(history: History): Asked
    accepted(history: History): Asked
  },
): Case {
  return held as unknown as Case
}

/** Runs the history, then one of the two requests. */
export async function runCase(held: Case, which: 'refused' | 'accepted'): Promise<Answered> {
  const setup = which === 'accepted' ? (held.acceptedSetup ?? held.setup) : held.setup
  let time = 1_790_000_000_000
  const forward = (ms: number) => {
    time += ms
  }
  const service = createService({ script: queueScript([TEXT]), now: () => time, ...setup?.() })
  const ask = ({ method = 'POST', path = '/responses', body, headers = {} }: Asked) =>
    callService(service, method, path, body, headers)
  const create = async (body: JsonObject) => {
    const { json, events } = await ask({ body: { model: 'm', ...body } })
    const last = events.at(-1)
    return ((last?.['response'] as JsonObject | undefined) ?? json) as JsonObject
  }
  const history = await held.history?.({ service, ask, create, forward })
  return ask(held[which](history as never))
}

/** Returns a create request with these parameters. */
export const createRequest = (body: JsonObject): Asked => ({ body: { model: 'm', input: 'hi', ...body } })
