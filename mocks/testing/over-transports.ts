import OpenAI, { type APIError } from 'openai'
import { queueScript } from '../service/script.ts'
import { createService } from '../service/service.ts'
import type { Answer } from '../service/types.ts'
import type { Gate, ServiceEvent } from '../service/watch.ts'
import { openTransport, type TransportName } from '../transports.ts'

/** What one story came to: all that the client saw, and all that the service saw. */
export interface Told {
  client: unknown[]
  service: string[]
}

export interface Stage {
  client: OpenAI
  /** Settles when the service has told an event of this type; at once if it has already. */
  told(type: ServiceEvent['type']): Promise<void>
  /** Puts down something that the client saw. */
  saw(what: unknown): void
}

export interface Story {
  name: string
  answers: Answer[]
  gate?(told: Stage['told']): Gate
  act(stage: Stage): Promise<void>
}

/** Plays one story on a fresh service over one transport. */
export async function play(story: Story, name: TransportName): Promise<Told> {
  const events: ServiceEvent[] = []
  const waiting = new Map<ServiceEvent['type'], PromiseWithResolvers<void>>()
  const waiter = (type: ServiceEvent['type']) => {
    const known = waiting.get(type) ?? Promise.withResolvers<void>()
    waiting.set(type, known)
    return known
  }
  const told = (type: ServiceEvent['type']) => waiter(type).promise
  const service = createService({
    script: queueScript(story.answers),
    seed: 'transports',
    now: () => 1_767_225_600_000,
    watch: (event) => {
      events.push(event)
      waiter(event.type).resolve()
    },
    ...(story.gate ? { gate: story.gate(told) } : {}),
  })
  const transport = await openTransport(name, service.handlers)
  const saw: unknown[] = []
  try {
    const client = new OpenAI({
      baseURL: transport.baseURL,
      apiKey: 'sk-test',
      ...(transport.fetch ? { fetch: transport.fetch } : {}),
    })
    await story.act({ client, told, saw: (what) => saw.push(what) })
  } finally {
    await transport.close()
  }
  return { client: saw, service: events.map(inShort) }
}

function inShort(event: ServiceEvent): string {
  if (event.type === 'stream.event')
    return `${event.request} stream.event ${event.index} ${typeof event.event === 'string' ? event.event : event.event.type}`
  if (event.type === 'request') return `${event.request.number} request attempt ${event.request.attempt}`
  if (event.type === 'response.end') return `${event.request} response.end ${event.outcome}`
  return `${event.request} ${event.type}`
}

/** An error as a client's user would tell it apart; a cause's wording is the transport's own. */
export function errorSeen(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: String(error) }
  const { status, code, param, type } = error as APIError
  return { error: error.constructor.name, message: error.message, status, code, param, type }
}

/** Reads a streamed answer to its end, event by event. */
export async function readStream({ client, saw }: Stage, input = 'hello'): Promise<void> {
  try {
    for await (const event of await client.responses.create({ ...BODY, input, stream: true })) saw(event)
    saw('end')
  } catch (error) {
    saw(errorSeen(error))
  }
}

/** Reads an answer as JSON. */
export async function readJson({ client, saw }: Stage, input = 'hello'): Promise<void> {
  try {
    saw(await client.responses.create({ ...BODY, input }))
  } catch (error) {
    saw(errorSeen(error))
  }
}

export const BODY = {
  model: 'gpt-5.1',
  tools: [
    {
      type: 'function' as const,
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
      strict: false,
    },
  ],
}
