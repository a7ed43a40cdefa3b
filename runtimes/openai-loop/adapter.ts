import * as otel from '@opentelemetry/api'
import OpenAI from 'openai'
import type { Response } from 'openai/resources/responses/responses'
import { describeError } from '../../harness/contract/error-shape.ts'
import type { Outcome, Update } from '../../harness/contract/run-outcome.ts'
import type { Run, Runtime } from '../../harness/contract/runtime.ts'
import type { JsonObject } from '../../mocks/json.ts'
import { type LoopAgent, type LoopSession, runLoop } from './loop.ts'

const MODEL = 'gpt-5.1'

/** README of openai 7.55.0, "Retries". */
const RETRIES =
  'Certain errors will be automatically retried 2 times by default, with a short exponential backoff. Connection errors (for example, due to a network connectivity problem), 408 Request Timeout, 409 Conflict, 429 Rate Limit, and >=500 Internal errors will all be retried by default.'

/** A small, correct tool loop on the `openai` SDK, to compare other runtimes with. */
export const runtime: Runtime = runtimeOf(runLoop)

/** Returns the runtime for a loop. Tests pass a loop that is broken on purpose. */
export function runtimeOf(loop: typeof runLoop): Runtime {
  return {
    name: 'openai-loop',
    version: '0.1.0',
    supports: new Set([
      'stream',
      'tools',
      'parallel-tools',
      'spans',
      'semconv',
      'after_run',
      'retries',
      'call-errors',
      'signal',
      'settings',
      'items',
      'history',
      'previous-response',
      ...(['same-context', 'new-context-per-pull', 'timeout-per-pull'] as const),
      ...(['handed-over', 'handed-over-midway'] as const),
      ...(['final-only', 'iterate-then-final'] as const),
      ...(['abort', 'return', 'drop'] as const),
    ]),
    retries: { most: 2, docs: RETRIES },
    hooks: {
      afterRun: {
        means: 'after_run',
        docs: "Called when the model's last answer is complete or incomplete. Never called for a run that failed or was stopped.",
        afterIncomplete: true,
      },
    },
    async open(world) {
      const [spec] = world.team
      if (!spec || world.team.length > 1)
        throw new Error(`openai-loop runs one agent, found ${world.team.length}`)
      const client = new OpenAI({
        baseURL: world.baseURL,
        apiKey: world.apiKey,
        // The client throws its errors. Without this option it would also write them to stderr.
        logLevel: 'off',
        ...(world.fetch ? { fetch: world.fetch } : {}),
      })
      // A proxy without a delegate creates no spans.
      const provider =
        world.telemetry.mode.start === 'off' ? new otel.ProxyTracerProvider() : world.telemetry.install(otel)
      const tracer = provider.getTracer('openai-loop')
      const sessions = new Map<number, LoopSession>()
      const closing = new AbortController()
      const running = new Set<Promise<Outcome>>()
      return {
        async close() {
          closing.abort()
          await Promise.all(running)
        },
        start(request): Run {
          const givenUp = new AbortController()
          const signal = AbortSignal.any([request.signal, closing.signal, givenUp.signal])
          const usage = { input: 0, output: 0 }
          const mode = request.session === 'previous-response' ? 'previous-response' : 'history'
          const session = sessions.get(request.conversation) ?? { mode, items: [] }
          sessions.set(request.conversation, session)
          const agent: LoopAgent = {
            name: spec.name,
            model: MODEL,
            instructions: spec.instructions,
            settings: spec.settings ?? {},
            tools: spec.tools.map(({ name, description, parameters }) => ({
              type: 'function',
              name,
              parameters,
              strict: false,
              ...(description === undefined ? {} : { description }),
            })),
            call: async ({ id, name, args }, signal) => {
              const value = await world.tool({
                run: request.run,
                id,
                name,
                agent: spec.name,
                args: args as JsonObject,
                signal,
              })
              return typeof value === 'string' ? value : JSON.stringify(value)
            },
          }
          const updates = createUpdateQueue(() => givenUp.abort())
          const settled = loop(client, tracer, agent, session, {
            input: request.input,
            stream: request.stream,
            store: request.store,
            signal,
            onEvent: (event) => {
              if (event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta')
                updates.push({ kind: 'text', text: event.delta })
            },
            onItem: (item) =>
              updates.push({
                kind: 'item',
                type: item.type,
                ...(item.id === undefined ? {} : { id: item.id }),
              }),
            onResponse(response) {
              usage.input += response.usage?.input_tokens ?? 0
              usage.output += response.usage?.output_tokens ?? 0
            },
            afterRun: () => world.probe.hook({ run: request.run, agent: spec.name, name: 'after_run' }),
          })
            .then(
              (response): Outcome => ({
                status: response.status === 'incomplete' ? 'incomplete' : 'completed',
                text: readResponseText(response),
                agent: spec.name,
                usage,
              }),
              (error): Outcome => ({
                status: signal.aborted ? 'stopped' : 'failed',
                text: '',
                error: describeError(error),
                usage,
              }),
            )
            .finally(updates.end)
          running.add(settled)
          void settled.then(() => running.delete(settled))
          return { updates: updates.iterable, outcome: () => settled }
        },
      }
    },
  }
}

function readResponseText(response: Response): string {
  return response.output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : part.refusal))
    .join('')
}

/** Returns an async iterable of the pushed updates. `givenUp` is called if the consumer leaves before the end. */
function createUpdateQueue(givenUp: () => void) {
  const { readable, writable } = new TransformStream<Update, Update>({ cancel: givenUp }, undefined, {
    highWaterMark: Number.POSITIVE_INFINITY,
  })
  const writer = writable.getWriter()
  const ignore = () => {}
  return {
    push: (update: Update) => void writer.write(update).catch(ignore),
    end: () => void writer.close().catch(ignore),
    iterable: readable as AsyncIterable<Update>,
  }
}
