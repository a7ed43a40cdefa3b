import type { ErrorShape } from './error-shape.ts'

/** What a run delivers to its consumer before it ends. */
export type Update =
  | { kind: 'text'; text: string }
  | { kind: 'item'; type: string; id?: string }
  | { kind: 'other'; type: string }

/** Whether a consumer's async context and active span are still its own after a pull. */
export interface KeptContext {
  context: 'kept' | 'changed'
  span: 'kept' | 'changed'
}

/** How a run ended. `incomplete`: the model stopped early. `hung`: the run did not end within its bound. */
export interface Outcome {
  status: 'completed' | 'incomplete' | 'failed' | 'stopped' | 'hung'
  text: string
  agent?: string
  /** Tokens of all model requests of the run together. */
  usage?: Usage
  error?: ErrorShape
  /** The messages of the run, or of the whole conversation so far. `author` is the name of an agent, or `user`. */
  transcript?: { author: string; text: string }[]
}

/** Token counts. */
export interface Usage {
  input: number
  output: number
}
