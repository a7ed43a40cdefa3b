import type { Json, JsonObject } from '../../mocks/json.ts'
import type { ResponseEnd } from '../../mocks/service/watch.ts'
import type {
  Flow,
  HookName,
  RecordedRequest,
  Sabotage,
  SessionMode,
  Stop,
  TelemetryMode,
} from '../plan/types.ts'
import type { ErrorShape } from './error-shape.ts'
import type { KeptContext, Outcome, Update, Usage } from './run-outcome.ts'

/**
 * One thing that happened while a plan ran. `run` is the run's id (`c<conversation>.t<turn>`). `request` numbers the
 * requests that the service received, from 1. `conversation` is the index in the plan; null if nothing says whose it was.
 */
export type HistoryEvent = Happening & {
  /** The delivery step during which it was seen. Absent before the first step. */
  step?: number
}

type Happening =
  /** A delivery step. `opened`: whether the conversation came to a gate, which was then opened. */
  | { kind: 'step'; step: number; conversation: number; opened: boolean }
  /** The runtime's telemetry has this mode from now on. The first event of a history is the mode at the start. */
  | { kind: 'mode'; to: TelemetryMode; sabotage?: Sabotage }
  /**
   * What is known of the runtime before it runs. `retries`: how often it repeats a request after a fault that passes, as its
   * documentation promises. `remote`: the runtime is in another process, so the harness sees its updates later. `caught`: the
   * hooks whose exceptions are caught, as its documentation says. `afterIncomplete`: after_run is also called after an incomplete
   * answer, as its documentation says. `stepHooks`: the runtime declares that each round of an agent's loop has a span.
   */
  | {
      kind: 'runtime'
      retries?: number
      remote?: true
      caught?: HookName[]
      afterIncomplete?: true
      stepHooks?: true
    }
  /** `flow`: the plan's turn limits and the condition that ends the workflow. `adds`: what a second context provider adds. */
  | {
      kind: 'run.start'
      run: string
      turn: number
      input: string
      session: SessionMode
      stream: boolean
      flow?: Flow
      adds?: string
      cleanups?: 2
    }
  /** The consumer stops the run: it aborts, returns, or just reads no further (`drop`), which the runtime cannot notice. */
  | { kind: 'stop'; run: string; how: Stop['how'] }
  /**
   * All runs have ended or were dropped, and nothing happens any more. The team is still open. Requests and tool calls that
   * ended runs left behind still wait at their gates.
   */
  | { kind: 'at-rest' }
  /** The team is asked to close. Everything that ended runs left behind was let go before. */
  | { kind: 'close' }
  /** A run ended. A dropped run has no such event. Status `hung`: the run did not end within its bound. */
  | { kind: 'run.end'; run: string; outcome: Outcome }
  | ModelRequest
  /** A request for something other than a response, for example to create a conversation object. */
  | { kind: 'request.other'; request: number; run: string | null; method: string; path: string }
  | { kind: 'request.unscripted'; request: number }
  | { kind: 'request.refused'; request: number; rule: string; status: number }
  | { kind: 'request.cancelled'; request: number }
  | SentEvent
  | ResponseEnded
  | { kind: 'update'; run: string; update: Update }
  /** A `next()` of the consumer returned. Says whether the consumer's async context and active span are still its own. */
  | ({ kind: 'pull'; run: string; error?: ErrorShape } & KeptContext)
  /** A hook was called. `threw`: the plan made it throw. `second`: the second cleanup hook of a run. */
  | { kind: 'hook'; run: string | null; name: HookName; agent?: string; second?: true; threw?: true }
  /**
   * `cancellable`: the runtime gave the tool a signal, or calls it in a task that can be cancelled. `ignoresSignal`: the plan makes
   * the tool ignore that, so that the runtime cannot cancel it.
   */
  | {
      kind: 'tool.start'
      run: string
      call?: string
      name: string
      agent?: string
      args: Json
      cancellable?: true
      ignoresSignal?: true
    }
  /** `cancelled`: the runtime told the tool to stop. */
  | {
      kind: 'tool.end'
      run: string
      call?: string
      name: string
      result?: Json
      error?: string
      cancelled?: true
    }
  | { kind: 'handoff'; run: string; from: string; to: string }
  /** A span started. A span that never ends has only this event. The name is empty if the runtime gave none. */
  | {
      kind: 'span.start'
      span: string
      parent?: string
      name: string
      conversation: number | null
      /** The span kind of OpenTelemetry. Absent if the runtime has no OpenTelemetry. */
      spanKind?: SpanKindName
    }
  | SpanEnded
  /** Something was set on a span after the span had ended, or the span was ended again. */
  | { kind: 'span.late'; span: string; name: string; set: LateChange }
  /** `log`: a log record. `egress`: a request to another machine. `exit`: the process ended, or wanted to. */
  | {
      kind: 'noise'
      what: 'rejection' | 'exception' | 'warning' | 'stdout' | 'stderr' | 'log' | 'egress' | 'exit'
      message: string
    }
  /** Telemetry changed the hooks of an agent. `instance` numbers the reported agents, from 0. `sabotage`: what the plan did. */
  | {
      kind: 'registration'
      at: 'register' | 'remove' | 'release'
      agent: string
      instance: number
      hook?: string
      sabotage?: 'throw' | 'drop' | 'repeat'
    }
  /**
   * Garbage was collected after the team was closed. `held`: numbers of agents that are still alive although the team has
   * only one agent of that name. Null: this process cannot collect garbage.
   */
  | { kind: 'collection'; held: number[] | null }
  /**
   * What is left of ended runs after garbage was collected, before the team is closed: runs, responses and spans in memory,
   * and listeners on the signals of their callers. `ended`: the number of runs. `allowed`: how many of each may stay.
   */
  | {
      kind: 'growth'
      ended: number
      allowed: number
      runs: number
      responses: number
      spans: number
      listeners: number
    }
  /**
   * Still open: before the event `close` when all runs have ended, after it when the team is closed. `hook`: a hook that the
   * runtime's telemetry has registered.
   */
  | { kind: 'left-open'; what: 'socket' | 'timer' | 'listener' | 'hook' | 'run' | 'task'; message: string }
  /** Happened when the team was closed and all was quiet. `what`: the kind of event. */
  | { kind: 'left-behind'; what: string; message: string }

/** A request for a response, as the service received it. */
export interface ModelRequest {
  kind: 'request'
  request: number
  /** The run that sent it. Null if nothing says which. */
  run: string | null
  /** The agent that sent it, found by the canary in its instructions, or because the team has only one. */
  agent?: string
  /**
   * The handoff tools in this request: tool name to target agent. Absent if the agent is a tool of another, or if nobody in
   * the team hands off.
   */
  handoffs?: Readonly<Record<string, string>>
  /** Set if the agent was called as its own tool: the request belongs to a run inside the consumer's run. */
  nested?: true
  /** The number of the attempt at the same answer, from 0. */
  attempt: number
  body: JsonObject
  /** What the model sees: the stored context, then the input, with references resolved. Empty if the service refused earlier. */
  context: readonly JsonObject[]
  /** The conversations whose canaries are in the context. */
  carries: readonly number[]
  /** The recorded request at the same place, if the plan comes from a recording. */
  recorded?: RecordedRequest
}

/** A stream event that the service sent. Type `garbage`: a frame that is no event. */
export interface SentEvent {
  kind: 'stream.event'
  request: number
  index: number
  type: string
  /** Only for a text or refusal delta. */
  delta?: string
  /** Only for `response.output_item.added`, where it is empty, and `response.output_item.done`. */
  item?: JsonObject
  /** Only for `error` and `response.failed`. */
  error?: WireError
}

/** An error as the service sent it, in a stream or in a body. */
export interface WireError {
  code?: string
  message?: string
}

/** The answer to a request ended. */
export interface ResponseEnded {
  kind: 'response.end'
  request: number
  how: ResponseEnd
  /** The HTTP status. Absent if the connection ended earlier. */
  status?: number
  /** The response as the service last sent it. Null if the answer was no response. */
  response: ServedResponse | null
  /** The error in the JSON body. */
  error?: WireError
}

export type SpanKindName = 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER'

/** What can be done to a span. `end`: the span was ended. */
export type LateChange = 'attribute' | 'event' | 'link' | 'status' | 'name' | 'end'

export interface SpanEnded {
  kind: 'span.end'
  span: string
  name: string
  attributes: JsonObject
  status: 'UNSET' | 'OK' | 'ERROR'
  /** The message of an ERROR status. */
  error?: string
  events?: { name: string; attributes: JsonObject }[]
}

/** A response as the service last sent it. */
export interface ServedResponse {
  id: string
  /** False if the request said `store: false`. */
  stored: boolean
  output: JsonObject[]
  usage?: Usage
  /** `incomplete_details.reason`: why the answer is incomplete. */
  incompleteReason?: string
}

/** Returns the conversation in a run's id, for example 1 for `c1.t0`. Returns undefined if the id names none. */
export function parseConversation(run: string | null): number | undefined {
  const [, number] = /^c(\d+)\.t\d+$/.exec(run ?? '') ?? []
  return number === undefined ? undefined : Number(number)
}

/** Everything that happened while a plan ran, in order. */
export type History = readonly HistoryEvent[]

/** Returns the events of one kind, in order. */
export function filterEvents<K extends HistoryEvent['kind']>(
  history: History,
  kind: K,
): Extract<HistoryEvent, { kind: K }>[] {
  return history.filter((event): event is Extract<HistoryEvent, { kind: K }> => event.kind === kind)
}
