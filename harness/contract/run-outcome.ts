import type { ErrorShape } from './error-shape.ts'

/** What a run delivers while it is going on. */
export type Update =
  | { kind: 'text'; text: string }
  | { kind: 'item'; type: string; id?: string }
  | { kind: 'other'; type: string }

/** Whether a consumer's async context and its active span are still its own after a pull. */
export interface KeptContext {
  context: 'kept' | 'changed'
  span: 'kept' | 'changed'
}

/** How a run ended. `hung`: it did not end within its bound. */
export interface Outcome {
  status: 'completed' | 'incomplete' | 'failed' | 'stopped' | 'hung'
  text: string
  agent?: string
  /** Tokens of all the run's model requests together. */
  usage?: Usage
  error?: ErrorShape
  /** Each message of the run, or of its whole conversation so far, under the name of its agent, or `user`. */
  transcript?: { author: string; text: string }[]
}

/** Numbers of tokens. */
export interface Usage {
  input: number
  output: number
}
