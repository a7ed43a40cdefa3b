import * as otel from '@opentelemetry/api'
import type { Runtime, Team, World } from '../harness/contract/runtime.ts'
import type { Plan } from '../harness/plan/types.ts'
import { queueScript, type Script } from '../mocks/service/script.ts'
import { createService } from '../mocks/service/service.ts'
import { openTransport } from '../mocks/transports.ts'

/** A plan with the prepared bytes of all its responses. */
interface Composed {
  plan: Plan
  /** The responses of each conversation, in the order of the requests. */
  responses: { chunks: Uint8Array[]; type: string }[][]
}

/** Runs each plan once with the simulated service, and returns the plans with the bytes that the service sent. */
export async function prepareResponses(runtime: Runtime, plans: readonly Plan[]): Promise<Composed[]> {
  const all: Composed[] = []
  for (const plan of plans) {
    const responses: Composed['responses'] = []
    let script: Script = () => undefined
    const service = createService({ seed: plan.seed, script: (request) => script(request) })
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await service.handle(new Request(input, init))
      const chunks: Uint8Array[] = []
      for await (const chunk of response.body ?? []) chunks.push(chunk)
      const composed = { chunks, type: response.headers.get('content-type') ?? '' }
      responses.at(-1)?.push(composed)
      return buildResponse(composed)
    }
    await runConversations(runtime, plan, fetch, {
      conversation: () => responses.push([]),
      turn: ({ answers }) => {
        script = queueScript(answers)
      },
    })
    all.push({ plan, responses })
  }
  return all
}

/** Runs the conversations of a plan with the simulated service over the fetch transport, without the rest of the harness. */
export async function runServed(runtime: Runtime, plan: Plan): Promise<void> {
  let script: Script = () => undefined
  const service = createService({ seed: plan.seed, script: (request) => script(request) })
  const { fetch, close } = await openTransport('fetch', service.handlers)
  await runConversations(runtime, plan, fetch, {
    conversation() {},
    turn: ({ answers }) => {
      script = queueScript(answers)
    },
  })
  await close()
}

/**
 * Runs the conversations of a plan with a fetch that answers at once from the prepared bytes. This is the floor: the speed of
 * the runtime without service, gates, clock, spans, hooks and invariants.
 */
export async function runFloor(runtime: Runtime, { plan, responses }: Composed): Promise<void> {
  let conversation = -1
  let next = 0
  const fetch: typeof globalThis.fetch = async () => {
    const response = responses[conversation]?.[next++]
    if (response === undefined)
      throw new Error('the runtime sent more requests than there are prepared responses')
    return buildResponse(response)
  }
  await runConversations(runtime, plan, fetch, {
    conversation: () => {
      conversation++
      next = 0
    },
    turn() {},
  })
}

/** Returns a response with all chunks available at once, one chunk per event. */
function buildResponse({ chunks, type }: Composed['responses'][number][number]): Response {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': type } })
}

async function runConversations(
  runtime: Runtime,
  plan: Plan,
  fetch: typeof globalThis.fetch,
  on: { conversation(): void; turn(turn: Plan['conversations'][number]['turns'][number]): void },
): Promise<void> {
  const team: Team = await runtime.open(buildWorld(plan, fetch))
  for (const [conversation, { turns, session, store }] of plan.conversations.entries()) {
    on.conversation()
    for (const [number, turn] of turns.entries()) {
      on.turn(turn)
      const run = team.start({
        run: `c${conversation}.t${number}`,
        conversation,
        turn: number,
        input: turn.say,
        stream: true,
        session,
        store,
        target: 'same',
        signal: new AbortController().signal,
      })
      for await (const _ of run.updates);
      const { status, error } = await run.outcome()
      if (status !== 'completed')
        throw new Error(`a run of the floor ended ${status}, expected completed: ${error?.message}`)
    }
  }
  await team.close()
}

function buildWorld(plan: Plan, fetch: typeof globalThis.fetch): World {
  return {
    team: plan.team,
    baseURL: 'https://conformance.invalid/v1',
    apiKey: 'sk-floor',
    fetch,
    probe: { hook() {}, handoff() {}, span() {}, registration: () => undefined },
    tool: async ({ name }) => {
      const act = plan.team.flatMap(({ tools }) => tools).find((tool) => tool.name === name)?.does[0]
      return act?.kind === 'return' ? act.value : null
    },
    // Without a provider, the tracer of the API records nothing.
    telemetry: {
      mode: { start: 'off' },
      install: () => otel.trace.getTracerProvider(),
    },
  } as World
}
