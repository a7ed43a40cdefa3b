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
 * Everything that can happen while a plan runs, in the order in which it was seen. `run` is the run's id
 * (`c<conversation>.t<turn>`); `request` numbers the service's requests from 1; `conversation` is the plan's, null where
 * nothing decides whose it was.
 */
export type HistoryEvent = Happening & {
  /** The step in which it was seen; absent before the first. */
  step?: number
}

type Happening =
  /** A gate of that conversation was opened, or waiting for one had proved vain. */
  | { kind: 'step'; step: number; conversation: number; opened: boolean }
  /** The runtime's telemetry is in this mode from here on; the first event of a history tells how it starts. */
  | { kind: 'mode'; to: TelemetryMode; sabotage?: Sabotage }
  /** `flow`: when the plan has its agents end. */
  | {
      kind: 'run.start'
      run: string
      turn: number
      input: string
      session: SessionMode
      stream: boolean
      flow?: Flow
    }
  /** The consumer stops the run: by its signal, by `return()`, or by pulling no more, which it tells nobody. */
  | { kind: 'stop'; run: string; how: Stop['how'] }
  /** How a run ended; a run that was dropped has none. `hung`: it did not end within its bound. */
  | { kind: 'run.end'; run: string; outcome: Outcome }
  | ModelRequest
  /** A request for anything but a response: a conversation object made, an item listed. */
  | { kind: 'request.other'; request: number; run: string | null; method: string; path: string }
  | { kind: 'request.unscripted'; request: number }
  | { kind: 'request.refused'; request: number; rule: string; status: number }
  | { kind: 'request.cancelled'; request: number }
  | SentEvent
  | ResponseEnded
  | { kind: 'update'; run: string; update: Update }
  /** One `next()` of the consumer has come back: whether its async context and its active span are still its own. */
  | ({ kind: 'pull'; run: string; error?: ErrorShape } & KeptContext)
  /** `threw`: the plan had the hook throw. */
  | { kind: 'hook'; run: string | null; name: HookName; agent?: string; threw?: true }
  | { kind: 'tool.start'; run: string; call?: string; name: string; agent?: string; args: Json }
  /** `cancelled`: the runtime told the tool to give up. */
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
  /** A span that never ends is seen by this alone. */
  | { kind: 'span.start'; span: string; parent?: string; name: string; conversation: number | null }
  | SpanEnded
  /** `log`: a log record; `exit`: the process was to end, or ended. */
  | {
      kind: 'noise'
      what: 'rejection' | 'exception' | 'warning' | 'stdout' | 'stderr' | 'log' | 'egress' | 'exit'
      message: string
    }
  /** `instance` numbers the agents that were told of, from 0. `sabotage`: what the plan did to it. */
  | {
      kind: 'registration'
      at: 'register' | 'remove' | 'release'
      agent: string
      instance: number
      hook?: string
      sabotage?: 'throw' | 'drop' | 'repeat'
    }
  /**
   * Garbage was collected, after the team was closed. `held`: the numbers of the agents of which somebody holds several of
   * one name, although the team has one of each; null: this process cannot collect.
   */
  | { kind: 'collection'; held: number[] | null }
  /** After the team was closed. `hook`: one that the runtime's telemetry registered with what it watches. */
  | { kind: 'left-open'; what: 'socket' | 'timer' | 'listener' | 'hook' | 'run' | 'task'; message: string }

/** A request for a response, as the service saw it. */
export interface ModelRequest {
  kind: 'request'
  request: number
  /** The run that caused it; null where nothing decides. */
  run: string | null
  /** The agent that asks, by the canary in its instructions, or as the only one of the team. */
  agent?: string
  /**
   * Of an agent that takes part in handing the conversation on: the tools offered here by which it can, each with the agent
   * that it hands to. Absent for an agent that is another's tool, and where nobody hands off.
   */
  handoffs?: Readonly<Record<string, string>>
  /** The agent was called as its own tool: this is not the run that the consumer began, but one inside it. */
  nested?: true
  /** Which attempt at the same answer it is, from 0. */
  attempt: number
  body: JsonObject
  /** What the model sees: the chain or conversation object, then the input, references resolved. Empty where it was refused before. */
  context: readonly JsonObject[]
  /** The conversations whose canaries stand in the context. */
  carries: readonly number[]
  /** What the recorded client's request held at this place, where the plan comes from a recording. */
  recorded?: RecordedRequest
}

/** An event of a stream was sent. `garbage`: a frame that is no event. */
export interface SentEvent {
  kind: 'stream.event'
  request: number
  index: number
  type: string
  /** Of a text or refusal delta. */
  delta?: string
  /** Of `response.output_item.done`. */
  item?: JsonObject
  /** Of `error` and `response.failed`. */
  error?: WireError
}

/** An error as the service spelled it, in a stream or in a body. */
export interface WireError {
  code?: string
  message?: string
}

/** How the answer to a request ended. */
export interface ResponseEnded {
  kind: 'response.end'
  request: number
  how: ResponseEnd
  /** The HTTP status; absent where the connection ended before any. */
  status?: number
  /** What the service gave last; null where it was no response. */
  response: ServedResponse | null
  /** What its JSON body says went wrong. */
  error?: WireError
}

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

/** What the service gave for a request, as its last word said it. `stored` is false under `store: false`. */
export interface ServedResponse {
  id: string
  stored: boolean
  output: JsonObject[]
  usage?: Usage
}

/** The conversation that a run's id names: runs are `c<conversation>.t<turn>`. Undefined for a run of nobody. */
export function parseConversation(run: string | null): number | undefined {
  const [, number] = /^c(\d+)\.t\d+$/.exec(run ?? '') ?? []
  return number === undefined ? undefined : Number(number)
}

/** One ordered list of everything that happened. */
export type History = readonly HistoryEvent[]

/** The events of one kind, in order. */
export function filterEvents<K extends HistoryEvent['kind']>(
  history: History,
  kind: K,
): Extract<HistoryEvent, { kind: K }>[] {
  return history.filter((event): event is Extract<HistoryEvent, { kind: K }> => event.kind === kind)
}
