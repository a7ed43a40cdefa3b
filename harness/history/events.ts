import type { Json, JsonObject } from '../../mocks/json.ts'
import type { ResponseEnd } from '../../mocks/service/watch.ts'
import type { HookName, Outcome, Update } from '../runtime.ts'

/**
 * Everything that can happen while a plan runs, in the order in which it was seen.
 * `run` is the run's id; `request` numbers the model requests from 0.
 */
export type HistoryEvent =
  | { kind: 'run.start'; run: string; turn: number; input: string }
  | { kind: 'run.end'; run: string; outcome: Outcome }
  | { kind: 'request'; request: number; run: string | null; body: JsonObject }
  | { kind: 'request.unscripted'; request: number }
  | { kind: 'request.refused'; request: number; rule: string }
  | { kind: 'request.cancelled'; request: number }
  | { kind: 'stream.event'; request: number; index: number; type: string }
  /** A gate of that conversation was opened, or waiting for one had proved vain. */
  | { kind: 'step'; step: number; conversation: number; opened: boolean }
  | { kind: 'response.end'; request: number; how: ResponseEnd; response: ServedResponse | null }
  | { kind: 'update'; run: string; update: Update }
  | { kind: 'hook'; run: string | null; name: HookName; agent?: string }
  | { kind: 'tool.start'; run: string; call?: string; name: string; args: Json }
  | { kind: 'tool.end'; run: string; call?: string; name: string; result?: Json; error?: string }
  | { kind: 'span.start'; span: string; parent?: string; name: string }
  | { kind: 'span.end'; span: string; name: string; attributes: JsonObject; error?: string }
  | { kind: 'noise'; what: 'egress' | 'rejection' | 'exception'; message: string }

/** What the service gave for a request, as its last word said it. `stored` is false under `store: false`. */
export interface ServedResponse {
  id: string
  stored: boolean
  output: JsonObject[]
}

/** The conversation that a run's id names: runs are `c<conversation>.t<turn>`. Undefined for a run of nobody. */
export function conversationOfRun(run: string | null): number | undefined {
  const [, number] = /^c(\d+)\.t\d+$/.exec(run ?? '') ?? []
  return number === undefined ? undefined : Number(number)
}

/** One ordered list of everything that happened. */
export type History = readonly HistoryEvent[]

/** The events of one kind, in order. */
export function eventsOf<K extends HistoryEvent['kind']>(
  history: History,
  kind: K,
): Extract<HistoryEvent, { kind: K }>[] {
  return history.filter((event): event is Extract<HistoryEvent, { kind: K }> => event.kind === kind)
}
