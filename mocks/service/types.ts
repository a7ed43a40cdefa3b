import type { Json, JsonObject } from '../json.ts'

/** What the model says in one answer, as data. */
export interface Answer {
  /** Only for a request that carries this agent's canary. */
  agent?: string
  /** The items of one answer are parallel. */
  items: Item[]
  /** `faults[k]` spoils attempt k (0-based); an attempt beyond the list is not spoiled. */
  faults?: Fault[]
  /** Never used up. */
  always?: true
  wire?: Wire
}

export type Item =
  | { type: 'text' | 'refusal'; text: string }
  | { type: 'reasoning'; summary: string[]; encrypted: boolean }
  | { type: 'call'; tool: string; args: Json }
  | { type: 'handoff'; to: string }

/**
 * What goes wrong. `at` is the number of stream events sent before the fault;
 * beyond the end means just before the terminal event, so that it survives shrinking.
 * On a JSON answer `eof` and `reset` cut the body in its middle, `stall` sends half of it,
 * `garbage` replaces it, `failed` and `incomplete` set its status; `error-event`
 * can only be sent in a stream: a plan that asks for it is refused, the service gives a failed response and tells.
 */
export type Fault =
  | { kind: 'http'; status: number; code?: string; headers?: Record<string, string> }
  | { kind: 'refuse-connection' }
  | { kind: 'error-event'; at: number; form: 'nested' | 'flat'; code: string }
  | { kind: 'failed'; at: number; code: string }
  | { kind: 'incomplete'; at: number; reason: string }
  | { kind: 'eof' | 'reset' | 'stall'; at: number }
  | { kind: 'garbage'; at: number; data: string }

/** Legal ways of writing one and the same stream. All absent: the service's own form, LF and one chunk an event. */
export interface Wire {
  /** Bytes a chunk, cutting through frames and UTF-8 sequences. */
  chunk?: number
  eol?: 'lf' | 'crlf'
  /** Comment lines between the events. */
  comments?: true
  /** A closing `data: [DONE]`. */
  done?: true
  /** Stream events of a type that no client knows. */
  unknown?: true
  /** No `sequence_number`, as in streams of early 2025. */
  noSequence?: true
  /** The random padding of deltas, as live traffic has it. */
  obfuscation?: true
}

/** The JSON body of a `POST /responses`, as it was sent: nothing of it is proved but that it is an object. */
export type CreateBody = JsonObject
