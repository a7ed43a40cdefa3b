import type { JsonObject } from '../../json.ts'
import { noteQuirk } from '../quirks.ts'
import type { Breach, Quirk, Rule } from '../types.ts'

export interface StreamOptions {
  /**
   * The `starting_after` of a resumed stream (GET ?stream=true&starting_after=N). Null: the stream is not resumed.
   * Absent: unknown; then a stream that begins with a later number counts as resumed.
   */
  startingAfter?: number | null
}

/** One numbered part of an item that streams its own text: a content part, a summary part or a shell command. */
export interface Part {
  index: number
  /** The type of the part: output_text, refusal, reasoning_text, summary_text or command. */
  type: string
  text: string
  annotations: JsonObject[]
  /** The annotation_index that the next annotation must have. */
  nextAnnotation: number
  /** open: deltas may come. told: the done event repeated the whole text. closed: no further event may come. */
  stage: 'open' | 'told' | 'closed'
  /** Whether the grammar does not know the type of the part. */
  unknown?: true
  /** Whether the part has no part events around it. The done event of its text then closes it. */
  bare?: true
  /** Whether the whole part was seen. False if a resumed stream began inside the part. */
  whole: boolean
}

export interface Item {
  index: number
  type: string
  id: string
  /** The item in its added event. Undefined if a resumed stream began inside the item. */
  added: JsonObject | undefined
  done: JsonObject | undefined
  /** The current step in the pattern of the item's type. */
  step: number
  seen: number
  /** The joined deltas of the item itself: arguments, code, diff or input. */
  text: string
  parts: Part[]
  summary: Part[]
  part: Part | undefined
  /** Whether the text was known before its deltas: the arguments of an approved mcp_call. */
  told: boolean
  /** The number of partial images so far. */
  images: number
}

/** Everything that the rules remember about one stream. Each checker has its own state. */
export interface StreamState {
  readonly startingAfter: number | null | undefined
  readonly breaches: Breach[]
  readonly quirks: Map<string, Quirk>
  /** The index of the current stream event. */
  at: number
  /** Whether events have sequence numbers. Undefined before the first event. */
  numbered: boolean | undefined
  lastNumber: number
  resumed: boolean
  phase: 'start' | 'created' | 'queued' | 'running' | 'error' | 'over'
  sentinel: boolean
  /** The response object as it was first shown. */
  response: JsonObject | undefined
  errorEvent: { nested: boolean; code: unknown } | undefined
  items: Map<number, Item>
  ids: Set<string>
  /** The output_index that the next item must have. */
  nextIndex: number
  /** The item of the latest item event. */
  current: Item | undefined
  open: Set<Item>
}

export function createState(options: StreamOptions = {}): StreamState {
  return {
    startingAfter: options.startingAfter,
    breaches: [],
    quirks: new Map(),
    at: -1,
    numbered: undefined,
    lastNumber: -1,
    resumed: false,
    phase: 'start',
    sentinel: false,
    response: undefined,
    errorEvent: undefined,
    items: new Map(),
    ids: new Set(),
    nextIndex: 0,
    current: undefined,
    open: new Set(),
  }
}

/** Returns whether a resumed stream began after response.in_progress, so that earlier items may be missing. */
export function didBeginInside(state: StreamState): boolean {
  return state.resumed && state.response === undefined
}

export function reportBreach(state: StreamState, rule: Rule, message: string): void {
  state.breaches.push({ rule: rule.id, at: Math.max(0, state.at), message })
}

export function reportQuirk(state: StreamState, named: Rule, message: string): void {
  noteQuirk(state.quirks, named, state.at, message)
}
