import OpenAI, { type APIError } from 'openai'
import { queueScript } from '../service/script.ts'
import { createService } from '../service/service.ts'
import type { Answer } from '../service/types.ts'
import type { Gate, ServiceEvent } from '../service/watch.ts'
import { openTransport, type TransportName } from '../transports.ts'

/** The result of one story: everything that the client and the service saw. */
export interface Told {
  client: unknown[]
  service: string[]
}

export interface Stage {
  client: OpenAI
  /** Resolves when the service has reported an event of this type. */
  waitForEvent(type: ServiceEvent['type']): Promise<void>
  /** Notes something that the client saw. */
  noteSeen(what: unknown): void
}

export interface Story {
  name: string
  answers: Answer[]
  gate?(told: Stage['waitForEvent']): Gate
  run(stage: Stage): Promise<void>
}

/** Runs one story on a fresh service over one transport. */
export async function playStory(story: Story, name: TransportName): Promise<Told> {
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
    await story.run({ client, waitForEvent: told, noteSeen: (what) => saw.push(what) })
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

/**
 * Returns the parts of an error that matter to a user of the client. The wording of a cause depends on the transport.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: String(error) }
  const { status, code, param, type } = error as APIError
  return { error: error.constructor.name, message: error.message, status, code, param, type }
}

/** Reads a streamed answer event by event. */
export async function readStream({ client, noteSeen: saw }: Stage, input = 'hello'): Promise<void> {
  try {
    for await (const event of await client.responses.create({ ...BODY, input, stream: true })) saw(event)
    saw('end')
  } catch (error) {
    saw(describeError(error))
  }
}

/** Reads a JSON answer. */
export async function readJson({ client, noteSeen: saw }: Stage, input = 'hello'): Promise<void> {
  try {
    saw(await client.responses.create({ ...BODY, input }))
  } catch (error) {
    saw(describeError(error))
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
