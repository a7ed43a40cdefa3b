import OpenAI from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Answer } from '../../../mocks/service/types.ts'
import type { TransportName } from '../../../mocks/transports.ts'
import { describeError } from '../../contract/error-shape.ts'
import { filterEvents, type History, type HistoryEvent } from '../../contract/events.ts'
import type { Outcome, Update } from '../../contract/run-outcome.ts'
import type { RunRequest, Runtime, World } from '../../contract/runtime.ts'
import type { Conversation, Plan, Turn } from '../../plan/types.ts'
import { execute } from '../execute.ts'

/** One run of a scripted runtime. */
export interface Doing {
  request: RunRequest
  world: World
  client: OpenAI
  /** Fires when the run is stopped, in whichever way. */
  signal: AbortSignal
  /**
   * Sends the user's message to the service. Yields the events of a stream. A run without a stream yields nothing and
   * returns the text.
   */
  ask(): AsyncGenerator<ResponseStreamEvent, string>
}

/** What a run does: it yields its updates and returns its text. */
export type Script = (doing: Doing) => AsyncGenerator<Update, string>

/** A run that sends one request and passes on the answer. */
export const plainScript: Script = async function* ({ ask }) {
  return yield* passOnText(ask())
}

/** Yields the text deltas of a stream as updates and returns the whole text. */
export async function* passOnText(
  events: AsyncGenerator<ResponseStreamEvent, string>,
): AsyncGenerator<Update, string> {
  for (let text = ''; ; ) {
    const { done, value } = await events.next()
    if (done) return text || value
    if (value.type !== 'response.output_text.delta') continue
    text += value.delta
    let given = false
    try {
      yield { kind: 'text', text: value.delta }
      given = true
    } finally {
      if (!given) await events.return('')
    }
  }
}

/** Returns a small correct runtime around a script. `changes` replace parts of it. */
export function createScriptedRuntime(script: Script = plainScript, changes: Partial<Runtime> = {}): Runtime {
  return {
    name: 'scripted',
    version: '0.0.0',
    supports: new Set(),
    hooks: {},
    open: async (world) => createTeam(world, script),
    ...changes,
  }
}

function createTeam(world: World, script: Script) {
  const client = new OpenAI({
    baseURL: world.baseURL,
    apiKey: world.apiKey,
    logLevel: 'off',
    ...(world.fetch ? { fetch: world.fetch } : {}),
  })
  const closing = new AbortController()
  return {
    async close() {
      closing.abort()
    },
    start(request: RunRequest) {
      const gone = new AbortController()
      const signal = AbortSignal.any([request.signal, closing.signal, gone.signal])
      const ask = () => askService(client, request, signal)
      const updates = script({ request, world, client, signal, ask })
      const settled = Promise.withResolvers<Outcome>()
      const next = async () => {
        try {
          const result = await updates.next()
          // The client ends the stream of an aborted request as if it were complete.
          signal.throwIfAborted()
          if (result.done) settled.resolve({ status: 'completed', text: result.value })
          return result
        } catch (error) {
          const status = signal.aborted ? 'stopped' : 'failed'
          settled.resolve({ status, text: '', error: describeError(error) })
          throw error
        }
      }
      let taken = false
      const iterator: AsyncIterator<Update> = {
        next,
        async return() {
          gone.abort()
          settled.resolve({ status: 'stopped', text: '' })
          await updates.return('').catch(() => undefined)
          return { done: true, value: undefined }
        },
      }
      return {
        updates: {
          [Symbol.asyncIterator]() {
            taken = true
            return iterator
          },
        },
        async outcome() {
          if (!taken) {
            taken = true
            void drain(next)
          }
          return settled.promise
        },
      }
    },
  }
}

async function drain(next: () => Promise<IteratorResult<Update>>): Promise<void> {
  try {
    while (!(await next()).done);
  } catch {
    // The outcome reports the error.
  }
}

async function* askService(client: OpenAI, { input, stream, store }: RunRequest, signal: AbortSignal) {
  const body = { model: 'gpt-5.1', input, store }
  if (!stream) return (await client.responses.create(body, { signal })).output_text
  yield* await client.responses.create({ ...body, stream }, { signal })
  return ''
}

/** Returns a turn with one streamed answer. */
export function createTurn(changes: Partial<Turn> = {}): Turn {
  return {
    say: 'Hello?',
    stream: true,
    answers: [createAnswer('It is so.')],
    target: 'same',
    pull: 'same-context',
    ...changes,
  }
}

export function createAnswer(text: string, changes: Partial<Answer> = {}): Answer {
  return { items: [{ type: 'text', text }], ...changes }
}

/** Returns a plan of these conversations, each given by its turns. */
export function createPlan(conversations: Turn[][], changes: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    seed: 'scripted',
    team: [{ name: 'agent', instructions: '', tools: [], handoffs: [] }],
    conversations: conversations.map((turns): Conversation => ({ session: 'history', store: true, turns })),
    delivery: [],
    mode: { start: 'on' },
    ...changes,
  }
}

export function runPlan(runtime: Runtime, plan: Plan, transport: TransportName = 'fetch'): Promise<History> {
  return execute(runtime, plan, { transport })
}

/** Returns how the runs ended, as `run status`, in order. */
export function listRunEnds(history: History): string[] {
  return filterEvents(history, 'run.end').map(({ run, outcome: { status } }) => `${run} ${status}`)
}

/** Returns the kinds of a history's events, in order, reduced to `kinds`. */
export function listKinds(history: History, ...kinds: HistoryEvent['kind'][]): string[] {
  return history.flatMap(({ kind }) => (kinds.includes(kind) ? [kind] : []))
}
