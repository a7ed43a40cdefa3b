import type { TracerProvider } from '@opentelemetry/api'
import type { Json, JsonObject } from '../mocks/json.ts'
import type { AgentSpec, SessionMode } from './plan/types.ts'

/**
 * The contract of an adapter: the thin translation that lets the harness drive one runtime.
 * It holds no checks, no retries and no opinions. The harness consumes the stream and is the tool.
 */
export interface Runtime {
  name: string
  version: string
  supports: ReadonlySet<Capability>
  /** The runtime's hooks by their own names: what each means to us, and the runtime's own words for it. */
  hooks: Readonly<Record<string, { means: HookName; docs: string }>>
  open(world: World): Promise<Team>
}

export interface World {
  team: AgentSpec[]
  baseURL: string
  apiKey: string
  /** Under the `fetch` transport only. */
  fetch?: typeof fetch
  probe: Probe
  tool(call: ToolCall): Promise<Json>
  /** The adapter hands in its own `@opentelemetry/api`, so that both see one provider. */
  telemetry: { install(api: OtelApi): TracerProvider }
}

export interface ToolCall {
  run: string
  /** The call's id, where the runtime tells it to its tool. */
  id?: string
  name: string
  args: Json
  signal?: AbortSignal
}

/** As much of `@opentelemetry/api` as installing a provider takes. */
export interface OtelApi {
  trace: { setGlobalTracerProvider(provider: TracerProvider): boolean; disable(): void }
}

/** The agents of one plan: shared instances, many runs at once. */
export interface Team {
  start(request: RunRequest): Run
  close(): Promise<void>
}

export interface RunRequest {
  run: string
  conversation: number
  turn: number
  input: string
  stream: boolean
  session: SessionMode
  store: boolean
  signal: AbortSignal
}

export interface Run {
  updates: AsyncIterable<Update>
  /** Settles once; never rejects for a failure of the run. */
  outcome(): Promise<Outcome>
}

export interface Outcome {
  status: 'completed' | 'incomplete' | 'failed' | 'stopped' | 'hung'
  text: string
  agent?: string
  usage?: { input: number; output: number }
  error?: ErrorShape
}

export interface ErrorShape {
  name: string
  message: string
  status?: number
  code?: string
}

export type Update =
  | { kind: 'text'; text: string }
  | { kind: 'item'; type: string; id?: string }
  | { kind: 'other'; type: string }

/** Where an adapter reports what only it can see. */
export interface Probe {
  /** Called from the runtime's own hook. */
  hook(hook: { run: string | null; agent?: string; name: HookName }): void
  /** For runtimes without OpenTelemetry. */
  span(span: SpanReport): void
}

export interface SpanReport {
  id: string
  parent?: string
  name: string
  attributes: JsonObject
  at: 'start' | 'end'
  error?: string
}

/** `after_run` stands only for a hook whose quoted documentation says that it means success. */
export type HookName = 'before_run' | 'after_run' | 'transform' | 'result' | 'cleanup'

/**
 * What a runtime can do. `items-from-events`: it takes a stream's items from their own events, and so gets on with servers
 * that end a stream with an empty output, which is off the contract of the service.
 */
export type Capability =
  | 'stream'
  | 'tools'
  | 'parallel-tools'
  | 'spans'
  | 'items-from-events'
  | HookName
  | SessionMode

/** An error as data, whatever was thrown. */
export function errorShape(thrown: unknown): ErrorShape {
  if (!(thrown instanceof Error)) return { name: 'thrown', message: String(thrown) }
  const { status, code } = thrown as { status?: unknown; code?: unknown }
  return {
    name: thrown.constructor.name,
    message: thrown.message,
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  }
}
