import type { JsonObject } from '../../json.ts'
import { quirkNoted } from '../quirks.ts'
import type { Breach, Quirk, Rule } from '../types.ts'

export interface StreamOptions {
  /**
   * The `starting_after` of a resumed stream (GET ?stream=true&starting_after=N); null: the stream is not resumed.
   * Absent: not known, and a stream that begins later is taken for resumed.
   */
  startingAfter?: number | null
}

/** One part of an item that streams its own text: a content part, a summary part, a shell command. */
export interface Part {
  index: number
  /** The part's type: output_text, refusal, reasoning_text, summary_text, command. */
  type: string
  text: string
  annotations: JsonObject[]
  /** The annotation_index that the next annotation takes. */
  nextAnnotation: number
  /** open: deltas may come; told: its text was repeated whole; closed: nothing more may come. */
  stage: 'open' | 'told' | 'closed'
  /** Whether its type is none that the grammar knows. */
  unknown?: true
  /** Whether it has no part events around it; its text's done event then closes it. */
  bare?: true
  /** False where a resumed stream began inside of it. */
  whole: boolean
}

export interface Item {
  index: number
  type: string
  id: string
  /** The item as it was added; undefined for one that a resumed stream began inside of. */
  added: JsonObject | undefined
  done: JsonObject | undefined
  /** Position in the pattern of its type, and how many events of that step were seen. */
  step: number
  seen: number
  /** What its own deltas gave so far: arguments, code, diff, input. */
  text: string
  parts: Part[]
  summary: Part[]
  part: Part | undefined
  /** Whether its text was known before it came: the arguments of an mcp_call that was approved. */
  told: boolean
  /** Partial images seen. */
  images: number
}

/** All that the rules remember while one stream passes. Nothing of it outlives the stream's checker. */
export interface StreamState {
  readonly startingAfter: number | null | undefined
  readonly breaches: Breach[]
  readonly quirks: Map<string, Quirk>
  /** Index of the stream event at hand. */
  at: number
  /** Whether events carry sequence numbers; undefined before the first. */
  numbered: boolean | undefined
  lastNumber: number
  resumed: boolean
  phase: 'start' | 'created' | 'queued' | 'running' | 'error' | 'over'
  sentinel: boolean
  /** The response object as first shown. */
  response: JsonObject | undefined
  errorEvent: { nested: boolean; code: unknown } | undefined
  items: Map<number, Item>
  ids: Set<string>
  /** The output_index that the next item takes. */
  nextIndex: number
  /** The item of the latest item event. */
  current: Item | undefined
  open: Set<Item>
}

export function newState(options: StreamOptions = {}): StreamState {
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

/** Whether a resumed stream began after response.in_progress, so that items may have come before it. */
export function beganInside(state: StreamState): boolean {
  return state.resumed && state.response === undefined
}

export function breach(state: StreamState, rule: Rule, message: string): void {
  state.breaches.push({ rule: rule.id, at: Math.max(0, state.at), message })
}

export function quirk(state: StreamState, named: Rule, message: string): void {
  quirkNoted(state.quirks, named, state.at, message)
}
