import type { Context, ContextManager, Span, TracerProvider } from '@opentelemetry/api'
import type { Json, JsonObject } from '../../mocks/json.ts'
import type {
  AgentSpec,
  Conversation,
  Flow,
  HookName,
  Mode,
  Pull,
  SessionMode,
  Stop,
  TelemetryMode,
  Turn,
} from '../plan/types.ts'
import { describeError } from './error-shape.ts'
import type { HistoryEvent } from './events.ts'
import type { KeptContext, Outcome, Update } from './run-outcome.ts'

/**
 * The contract of an adapter: the thin translation that lets the harness drive one runtime.
 * It holds no checks, no retries and no opinions. The harness consumes the stream and is the tool.
 */
export interface Runtime {
  name: string
  version: string
  supports: ReadonlySet<Capability>
  /** It is ours, and promises one history for one plan: where two differ, the harness is at fault. */
  deterministic?: true
  /** It runs in another process, where its driver carries out what a plan breaks; the service is reached over http alone. */
  remote?: true
  /** The runtime's hooks by their own names: what each means to us, and the runtime's own words for it. */
  hooks: Readonly<Record<string, { means: HookName; docs: string }>>
  open(world: World): Promise<Team>
}

export interface World {
  team: AgentSpec[]
  flow?: Flow
  baseURL: string
  apiKey: string
  /** Under the `fetch` transport only. */
  fetch?: typeof fetch
  probe: Probe
  tool(call: ToolCall): Promise<Json>
  telemetry: {
    /** In what mode the plan starts. */
    mode: Mode
    /** The adapter hands in its own `@opentelemetry/api`, so that both see one provider and one context. */
    install(api: OtelApi): TracerProvider
  }
  /** For a driver in another process. */
  remote?: RemoteWorld
}

/** What a driver in another process does there itself is told to it, and what it has seen there it tells. */
export interface RemoteWorld {
  seed: string
  /** How long an answer may take, in milliseconds: of a process that is silent for longer nothing more is expected. */
  bound: number
  /** How a run that is started is consumed there. */
  consumed(run: string): Pick<Turn, 'pull' | 'stop' | 'breaks'> & Pick<Conversation, 'as'>
  /** The run of the conversation that is on, to which a tool call belongs whose run the runtime does not tell. */
  on(): string | null
  tell(event: RemoteEvent): void
}

export interface ToolCall {
  run: string
  /** The call's id, where the runtime tells it to its tool. */
  id?: string
  name: string
  /** The agent that was asked to call it, where the runtime tells. */
  agent?: string
  args: Json
  /** Fires when the run is stopped, where the runtime tells its tools so. */
  signal?: AbortSignal
}

/** As much of `@opentelemetry/api` as installing a provider takes. */
export interface OtelApi {
  trace: {
    setGlobalTracerProvider(provider: TracerProvider): boolean
    disable(): void
    getActiveSpan(): Span | undefined
    setSpan(context: Context, span: Span): Context
  }
  context: {
    setGlobalContextManager(manager: ContextManager): boolean
    disable(): void
    active(): Context
    with<T>(context: Context, work: () => T): T
  }
}

/** The agents of one plan: shared instances, many runs at once. */
export interface Team {
  /** Throws only where the adapter itself fails: a run that fails says so in its outcome. */
  start(request: RunRequest): Run
  /** Only where the runtime's telemetry can be switched while it runs (capability `toggle`). */
  setMode?(to: TelemetryMode): void
  /** Of a runtime in another process: asked when all is still here, answered when all is still there. */
  quiet?(): Promise<Silence>
  /** Of a runtime in another process: how much it was told so far, but for the question whether all is still. */
  told?(): number
  /** Of a runtime in another process: settles when all that has been said there has been heard here. */
  heard?(): Promise<void>
  /** Of a runtime in another process: lets so many milliseconds pass there at once. */
  advance?(by: number): void
  /** Ends what is still on: runs whose consumer went away are stopped. */
  close(): Promise<void>
}

/** What another process says when nothing goes on in it any more. */
export interface Silence {
  /** Every part of it can be seen. */
  sure: boolean
  /** In how many milliseconds it will go on by itself; null where it waits for others alone, absent where it may be either. */
  next?: number | null
}

export interface RunRequest {
  run: string
  conversation: number
  turn: number
  input: string
  stream: boolean
  session: SessionMode
  store: boolean
  /** Whether the workflow is built anew before the turn. */
  target: Turn['target']
  /** Aborted by a stop of kind `abort`. */
  signal: AbortSignal
}

export interface Run {
  /** Iterated at most once; a failure of the run may throw here. Empty for a run that is not streamed. */
  updates: AsyncIterable<Update>
  /**
   * How the run ended; also where `updates` was never iterated, or given up by `return()` (then `stopped`). May be asked
   * for several times; never rejects for a failure of the run.
   */
  outcome(): Promise<Outcome>
  /** Where the consumer is in another process: it pulls no more. */
  drop?(): void
  /** Where the consumer is in another process: what its last pull has left of its context and its active span. */
  kept?(): KeptContext
}

/** Where an adapter reports what only it can see. */
export interface Probe {
  /** Called from the runtime's own hook. It throws where the plan says so: let it through. */
  hook(hook: { run: string | null; agent?: string; name: HookName }): void
  handoff(handoff: { run: string; from: string; to: string }): void
  /** For runtimes without OpenTelemetry. It throws where the plan says so: let it through. */
  span(span: SpanReport): void
  /**
   * What telemetry does to the hooks of an agent's loop, called from the agent's own registry (capability `step-hooks`).
   * It throws where the plan has a registration fail: let it through. `lose`: take the hook out again at once, as somebody
   * else would, and do not tell of it. `repeat`: have the release done once more.
   */
  registration(registration: Registration): 'lose' | 'repeat' | undefined
}

/** `register` is told before a hook is taken, `remove` and `release` after. */
export interface Registration {
  at: 'register' | 'remove' | 'release'
  agent: string
  /** The agent itself, which is kept by nobody: one of the same name may come after it. */
  of: object
  /** By a name that stays the same; of a release none. */
  hook?: string
}

export interface SpanReport {
  id: string
  parent?: string
  name: string
  attributes: JsonObject
  at: 'start' | 'end'
  error?: string
}

/** What a driver in another process can tell of: whose a span is, the harness says. */
export type RemoteEvent =
  | Extract<
      HistoryEvent,
      { kind: 'hook' | 'handoff' | 'span.end' | 'noise' | 'registration' | 'collection' | 'left-open' }
    >
  | Omit<Extract<HistoryEvent, { kind: 'span.start' }>, 'conversation'>

/**
 * What a runtime can do. `agent-tool`: an agent of its own as a tool. `flow`: agents that hand off to one another can be given
 * turn limits, go on by themselves until those, and end by a condition. `content`: its spans hold the texts under
 * `sensitive`. `toggle`: its telemetry can be switched while it runs. `semconv`: its spans follow the GenAI conventions,
 * not only names of its own. `step-hooks`: its telemetry registers hooks with an agent's loop while calls of it are on, and
 * gives each round of it a span. `threads`: one agent can be used from several threads at once. The rest are hooks, ways of carrying a conversation, of pulling a stream and of stopping it.
 */
export type Capability =
  | 'stream'
  | 'tools'
  | 'parallel-tools'
  | 'agent-tool'
  | 'handoff'
  | 'flow'
  | 'spans'
  | 'semconv'
  | 'content'
  | 'toggle'
  | 'step-hooks'
  | 'threads'
  | HookName
  | SessionMode
  | Pull
  | Stop['how']

/** An adapter did what its contract forbids: the harness's own trouble, never the runtime's. */
export class AdapterFault extends Error {
  override name = 'AdapterFault'
  constructor(message: string, cause?: unknown) {
    const { name, message: why } = cause === undefined ? { name: '', message: '' } : describeError(cause)
    super(cause === undefined ? message : `${message}: ${name}: ${why}`, { cause })
  }
}
