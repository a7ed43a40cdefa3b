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
 * What an adapter exports as `runtime`. An adapter translates one runtime for the harness and does nothing else: no
 * checks, no retries. The harness reads the stream and implements the tools.
 */
export interface Runtime {
  name: string
  version: string
  supports: ReadonlySet<Capability>
  /** Set only for this project's own runtimes: one plan always gives one history. If two differ, the harness is at fault. */
  deterministic?: true
  /** Set if the runtime lives in another process. Its driver reads streams there, and it reaches the service over http. */
  remote?: true
  /**
   * Only with the capability `retries`. `most`: how often the runtime, or its client, repeats a request after a refused
   * connection or an HTTP error 408, 409, 429 or 5xx. `docs`: what its own documentation says of it.
   */
  retries?: { most: number; docs: string }
  /** The runtime's hooks by their own names. */
  hooks: Readonly<Record<string, DeclaredHook>>
  /** Builds the agents of one plan. */
  open(world: World): Promise<Team>
}

/** A hook of a runtime. */
export interface DeclaredHook {
  /** Our name for the hook. */
  means: HookName
  /** What the runtime's own documentation says of the hook. */
  docs: string
  /** Set if the documentation says that exceptions of the hook are caught and do not affect the run. */
  caught?: true
  /** Only for `after_run`. Set if the documentation says that the hook is also called after an incomplete answer. */
  afterIncomplete?: true
}

/** What the harness gives to a runtime for one plan. */
export interface World {
  team: AgentSpec[]
  flow?: Flow
  baseURL: string
  apiKey: string
  /** The function that clients must use for HTTP. Only under the transport `fetch`. */
  fetch?: typeof fetch
  /** Set if responses must be asked for over a WebSocket at `baseURL`. Only for a runtime with the capability `websocket`. */
  websocket?: true
  probe: Probe
  /** Carries out a tool call and resolves with its result. Rejects if the plan makes the tool throw. */
  tool(call: ToolCall): Promise<Json>
  telemetry: {
    /** The telemetry mode at the start of the plan. */
    mode: Mode
    /** Installs the harness's provider in the adapter's own copy of `@opentelemetry/api`, and returns the provider. */
    install(api: OtelApi): TracerProvider
  }
  /** Only for a driver in another process. */
  remote?: RemoteWorld
}

/** What a driver in another process needs beside the world: what it must do there itself, and how it reports. */
export interface RemoteWorld {
  seed: string
  /** The longest time to wait for an answer of the driver, in milliseconds. */
  bound: number
  /** Returns how the driver must read the stream of a run. */
  consumed(run: string): Pick<Turn, 'pull' | 'stop' | 'breaks'> & Pick<Conversation, 'as'>
  /** Returns the run whose conversation has its turn. A tool call belongs to it if the runtime does not say to which run. */
  on(): string | null
  tell(event: RemoteEvent): void
}

export interface ToolCall {
  run: string
  /** The call's id, if the runtime gives it to the tool. */
  id?: string
  name: string
  /** The agent that called the tool, if the runtime says so. */
  agent?: string
  args: Json
  /** Fires when the run is stopped, if the runtime tells its tools. */
  signal?: AbortSignal
  /** Whether the runtime can make the call end when the run is stopped. Absent: it can if there is a signal. */
  cancellable?: boolean
  /** Only for a driver in another process. Called at once if the tool ignores that its run is stopped. */
  shield?(): void
}

/** The part of `@opentelemetry/api` that installing a provider needs. */
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

/** The agents of one plan. All runs of the plan share them, many at once. */
export interface Team {
  /** Starts a run. Throws only if the adapter itself fails; a run that fails says so in its outcome. */
  start(request: RunRequest): Run
  /** Switches the runtime's telemetry while it runs. Only with the capability `toggle`. */
  setMode?(to: TelemetryMode): void
  /** Only for a runtime in another process. Resolves when nothing goes on there. */
  quiet?(): Promise<Silence>
  /** Only for a runtime in another process. Counts the messages sent to it, without the questions of `quiet`. */
  told?(): number
  /** Only for a runtime in another process. Resolves when everything it has reported was recorded here. */
  heard?(): Promise<void>
  /** Only for a runtime in another process. Moves its clock forward by so many milliseconds. */
  advance?(by: number): void
  /** Ends everything that still goes on, for example runs whose consumer has left. */
  close(): Promise<void>
}

/** What another process answers when nothing goes on in it any more. */
export interface Silence {
  /** Whether the driver can see every part of its process. */
  sure: boolean
  /** Milliseconds until its next timer. Null: it waits only for others. Absent: the driver cannot tell. */
  next?: number | null
}

/** One turn of a conversation that the runtime has to run. */
export interface RunRequest {
  run: string
  conversation: number
  turn: number
  input: string
  stream: boolean
  session: SessionMode
  store: boolean
  /** Whether the agents are built anew before the turn. */
  target: Turn['target']
  /** The maximum number of answers that the run may use. Absent: no limit. Only with the capability `limit`. */
  limit?: number
  /** The instructions that a second context provider adds to the run. Only with the capability `added-instructions`. */
  adds?: string
  /** Set if the run has a second cleanup hook. Only with the capability `two-cleanups`. */
  cleanups?: 2
  /** Aborts the run. Fires for a stop of kind `abort`. */
  signal: AbortSignal
}

/** A run that was started. */
export interface Run {
  /** The run's updates. Read at most once. May throw if the run fails. Empty for a run that is not streamed. */
  updates: AsyncIterable<Update>
  /**
   * Resolves with how the run ended, even if `updates` was never read or was left by `return()` (then `stopped`). May be
   * called several times. Never rejects because the run failed.
   */
  outcome(): Promise<Outcome>
  /** Only for a consumer in another process. Tells it to read no further. */
  drop?(): void
  /** Only for a consumer in another process. Returns whether its context and active span survived its last pull. */
  kept?(): KeptContext
}

/** How an adapter reports what only it can see. */
export interface Probe {
  /**
   * Call this from the runtime's own hook. Throws if the plan makes the hook throw; let the error through. `second`: only for the
   * second cleanup hook of a run.
   */
  hook(hook: { run: string | null; agent?: string; name: HookName; second?: true }): void
  /** Call this when one agent hands the conversation to another. */
  handoff(handoff: { run: string; from: string; to: string }): void
  /** Call this for each span of a runtime without OpenTelemetry. Throws if the plan says so; let the error through. */
  span(span: SpanReport): void
  /**
   * Call this from the agent's own registry of hooks when telemetry registers or removes one (capability `step-hooks`).
   * Throws if the plan makes a registration fail; let the error through. `lose`: remove the hook again at once and do not
   * report that. `repeat`: release once more.
   */
  registration(registration: Registration): 'lose' | 'repeat' | undefined
}

/** A change to the hooks of an agent. Report `register` before the hook is added, `remove` and `release` after. */
export interface Registration {
  at: 'register' | 'remove' | 'release'
  agent: string
  /** The agent itself. The harness does not keep it alive. */
  of: object
  /** A name that stays the same for this hook. Absent for a release. */
  hook?: string
}

/** The start or end of a span of a runtime without OpenTelemetry. */
export interface SpanReport {
  id: string
  parent?: string
  name: string
  attributes: JsonObject
  at: 'start' | 'end'
  error?: string
}

/** What a driver in another process can report. The harness adds the conversation to a span. */
export type RemoteEvent =
  | Extract<
      HistoryEvent,
      {
        kind:
          | 'hook'
          | 'handoff'
          | 'span.end'
          | 'span.late'
          | 'noise'
          | 'registration'
          | 'collection'
          | 'left-open'
      }
    >
  | Omit<Extract<HistoryEvent, { kind: 'span.start' }>, 'conversation'>

/**
 * What a runtime can do. A plan is run only if the runtime has every capability that the plan needs.
 * - `agent-tool`: an agent of the team can be a tool of another.
 * - `flow`: a workflow of several agents can be given turn limits and a condition that ends it.
 * - `content`: spans hold the texts under the telemetry mode `sensitive`.
 * - `toggle`: telemetry can be switched while the runtime runs.
 * - `semconv`: spans follow the GenAI conventions of OpenTelemetry.
 * - `step-hooks`: telemetry registers hooks with an agent's loop, and gives each round of the loop a span.
 * - `threads`: one agent can be used from several threads at once.
 * - `retries`: a request is repeated after faults that pass, as often as `retries` says.
 * - `unstored-session`: the runtime's own session also works with `store: false`.
 * - `signal`: a run takes an abort signal, which may have fired before the run starts and may fire after its consumer has left.
 * - `call-errors`: a call of a tool that does not exist, or with arguments that are no JSON, gets an output that says so, and the
 *   run goes on.
 * - `limit`: a run can be given the number of answers that it may use at most, and fails if it needs more.
 * - `added-instructions`: beside the provider that reports its hooks, an agent can have a second context provider, which adds
 *   instructions to the requests of one run.
 * - `items`: a streamed run delivers each message and each tool call of the model as an item, with its id.
 * - `two-cleanups`: a run can have a second cleanup hook.
 * - `settings`: an agent can be given parameters of the Responses API, for example `temperature`.
 *
 * The rest are the runtime's hooks, and ways to carry a conversation, to read a stream and to stop a run.
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
  | 'retries'
  | 'unstored-session'
  | 'signal'
  | 'call-errors'
  | 'limit'
  | 'settings'
  | 'items'
  | 'added-instructions'
  | 'two-cleanups'
  | 'websocket'
  | HookName
  | SessionMode
  | Pull
  | Stop['how']

/** Thrown when an adapter breaks its contract. The report blames the adapter, not the runtime. */
export class AdapterFault extends Error {
  override name = 'AdapterFault'
  constructor(message: string, cause?: unknown) {
    const { name, message: why } = cause === undefined ? { name: '', message: '' } : describeError(cause)
    super(cause === undefined ? message : `${message}: ${name}: ${why}`, { cause })
  }
}
