import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import OpenAI from 'openai'
import type { Json, JsonObject } from '../../../mocks/json.ts'
import type { FactOptions } from '../../../mocks/service/options.ts'
import { queueScript } from '../../../mocks/service/script.ts'
import { createService } from '../../../mocks/service/service.ts'
import type { Answer, CreateBody, Fault, Item } from '../../../mocks/service/types.ts'
import type { Gate } from '../../../mocks/service/watch.ts'
import { openTransport } from '../../../mocks/transports.ts'
import { Agent, type AgentOptions } from '../agent.ts'
import type { AgentResponse, AgentResponseUpdate } from '../agent-response.ts'
import type { Ending } from '../ending.ts'
import type { ResponseStream } from '../response-stream.ts'
import { AgentTelemetry, type TelemetryOptions } from '../telemetry/agent-telemetry.ts'
import type { FunctionTool } from '../tools.ts'

/** A simulated service with scripted answers, and the requests that it received. For tests of this runtime. */
export interface Stage {
  client: OpenAI
  agent(options?: Partial<AgentOptions>): Agent
  /** The bodies of the requests for a response. */
  requests: CreateBody[]
  /** The items that the model saw with each accepted request. */
  contexts: (readonly JsonObject[])[]
  /** Replaces the remaining answers of the model. */
  answer(answers: readonly Answer[]): void
  /** The rules by which requests were rejected. */
  refused: string[]
  /** The numbers of the requests that the client cancelled. */
  cancelled: number[]
  /** The ids of the created conversation objects. */
  conversations(): string[]
}

export async function createStage(
  answers: readonly Answer[],
  { gate, facts }: { gate?: Gate; facts?: Partial<FactOptions> } = {},
): Promise<Stage> {
  let script = queueScript(answers)
  const requests: CreateBody[] = []
  const contexts: (readonly JsonObject[])[] = []
  const refused: string[] = []
  const cancelled: number[] = []
  const service = createService({
    script: (request) => script(request),
    ...(gate ? { gate } : {}),
    ...(facts ? { facts } : {}),
    watch(event) {
      if (event.type === 'request' && event.request.path.endsWith('/responses')) {
        requests.push(event.request.body as CreateBody)
        contexts.push(event.request.context ?? [])
      }
      if (event.type === 'request.refused') refused.push(event.rule)
      if (event.type === 'request.cancelled') cancelled.push(event.request)
    },
  })
  const { fetch, baseURL } = await openTransport('fetch', service.handlers)
  const client = new OpenAI({ apiKey: 'sk-test', baseURL, fetch, logLevel: 'off' })
  return {
    client,
    requests,
    contexts,
    answer: (next) => {
      script = queueScript(next)
    },
    refused,
    cancelled,
    conversations: () => [...service.store.conversations.keys()],
    agent: (options) =>
      new Agent({ name: 'clerk', instructions: 'Be brief.', model: 'gpt-5.1', client, ...options }),
  }
}

export const buildText = (text: string): Item => ({ type: 'text', text })

export const buildCall = (tool: string, args: Json = {}): Item => ({ type: 'call', tool, args })

/** Returns an HTTP error. Its `retry-after-ms` header makes the client retry after 1 ms. */
export const buildHttpFault = (status: number): Fault => ({
  kind: 'http',
  status,
  headers: { 'retry-after-ms': '1' },
})

export function buildTool(name: string, invoke: FunctionTool['invoke']): FunctionTool {
  return { name, parameters: { type: 'object', properties: {} }, invoke }
}

export interface CollectedRun {
  updates: AgentResponseUpdate[]
  text: string
  ending: Ending<AgentResponse>
}

/** Iterates a stream to its end. Returns its updates, their text, and how the stream ended. */
export async function collectRun(
  stream: ResponseStream<AgentResponseUpdate, AgentResponse>,
): Promise<CollectedRun> {
  const updates: AgentResponseUpdate[] = []
  try {
    for await (const update of stream) updates.push(update)
  } catch {
    // `settled` returns the same error.
  }
  const text = updates.map((update) => (update.type === 'text' ? update.text : '')).join('')
  return { updates, text, ending: await stream.waitForEnding() }
}

/** Returns the error of a failed ending. Throws for any other ending. */
export function readError(ending: Ending<unknown>): Error & { code?: string; status?: number } {
  if (ending.kind !== 'failed' || !(ending.error instanceof Error))
    throw new Error(`expected a failure, found ${ending.kind}`)
  return ending.error
}

/** Returns a telemetry that keeps its spans in memory. */
export function createTracing(options: Partial<TelemetryOptions> = {}, more: SpanProcessor[] = []) {
  const exporter = new InMemorySpanExporter()
  const started: string[] = []
  const counting: SpanProcessor = {
    onStart: (span) => void started.push(span.name),
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const provider = new BasicTracerProvider({
    spanProcessors: [counting, new SimpleSpanProcessor(exporter), ...more],
  })
  return {
    telemetry: new AgentTelemetry({ tracerProvider: provider, ...options }),
    provider,
    started,
    /** Returns the ended spans, in the order in which they ended. */
    spans: () => exporter.getFinishedSpans(),
    named: (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name),
  }
}
