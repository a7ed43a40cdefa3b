import type { Json, JsonObject } from '../json.ts'

/** One scripted answer of the model. */
export interface Answer {
  /** The answer is only for a request with this agent's canary. */
  agent?: string
  /** The items of the answer. Several calls are parallel calls. */
  items: Item[]
  /** `faults[k]` spoils attempt k, counted from 0. Attempts beyond the list succeed. */
  faults?: Fault[]
  /** The answer is never used up. */
  always?: true
  wire?: Wire
}

/**
 * An item of an answer. A text or refusal with `sameMessage` is a further part of the message before it. A call that is `wrong` is one
 * that nobody can run, as models sometimes make them: it names a tool that does not exist, or its arguments lack their last character
 * and so are no JSON.
 */
export type Item =
  | { type: 'text' | 'refusal'; text: string; sameMessage?: true }
  | { type: 'reasoning'; summary: string[]; encrypted: boolean }
  | { type: 'call'; tool: string; args: Json; wrong?: 'name' | 'arguments' }
  | { type: 'handoff'; to: string }

/**
 * An item of a tool that is no function. Only scripts of the service have them, plans do not. The service runs hosted tools
 * itself, so their items hold the result as well.
 */
export type HostedItem =
  | { type: 'web_search'; query: string }
  | { type: 'file_search'; queries: string[]; results?: FileSearchResult[] }
  | { type: 'code_interpreter'; code: string; logs?: string }
  /** With neither `output` nor `error`, the service asks for an approval of the call. */
  | { type: 'mcp'; server: string; tool: string; args: Json; output?: string; error?: string }
  | { type: 'mcp_list_tools'; server: string; tools: string[] }
  /** `result` is an image in base64. */
  | { type: 'image_generation'; result: string }
  /** The client answers the calls of custom tools, shells and patches. */
  | { type: 'custom'; tool: string; input: string }
  | { type: 'shell'; commands: string[] }
  /** Without a `diff` the file is deleted. */
  | { type: 'apply_patch'; path: string; diff?: string; isNew?: true }
  /** With `finds`, the names of functions of the request, the service itself searches; otherwise the client does. */
  | { type: 'tool_search'; args: Json; finds?: string[] }
  | { type: 'compaction' }

export interface FileSearchResult {
  file: string
  text: string
  /** From 0 to 1. */
  score: number
}

/** An answer of a script of the service: as in a plan, and with items of tools that are no functions. */
export interface ScriptedAnswer extends Omit<Answer, 'items'> {
  items: (Item | HostedItem)[]
}

/**
 * A fault. `at` is the number of stream events before the fault. A number beyond the end means: just before the
 * terminal event, so that the fault survives shrinking. `error-event`, `failed` and `incomplete` come after the two events that
 * begin a stream.
 * In a JSON answer, `eof` and `reset` cut the body in the middle, `stall` sends half of it, `garbage` replaces it, and
 * `failed` and `incomplete` set the status. An `error-event` needs a stream: a plan that asks for one in JSON is
 * refused, and the service gives a failed response and reports that.
 */
export type Fault =
  | { kind: 'http'; status: number; code?: string; headers?: Record<string, string> }
  | { kind: 'refuse-connection' }
  | { kind: 'error-event'; at: number; form: 'nested' | 'flat'; code: string }
  | { kind: 'failed'; at: number; code: string }
  | { kind: 'incomplete'; at: number; reason: string }
  | { kind: 'eof' | 'reset' | 'stall'; at: number }
  | { kind: 'garbage'; at: number; data: string }

/** Legal ways to write a stream. If all are absent: the service's own form, LF, one chunk per event. */
export interface Wire {
  /** Bytes per chunk. Chunks may cut frames and UTF-8 sequences. */
  chunk?: number
  eol?: 'lf' | 'crlf'
  /** Write comment lines between the events. */
  comments?: true
  /** Close with `data: [DONE]`. */
  done?: true
  /** Add stream events of a type that no client knows. */
  unknown?: true
  /** Leave out `sequence_number`, as streams of early 2025 do. */
  noSequence?: true
  /** Pad deltas with random characters, as live traffic does. */
  obfuscation?: true
}

/** The JSON body of a `POST /responses` as it was sent. It is an object; nothing else about it is checked. */
export type CreateBody = JsonObject
