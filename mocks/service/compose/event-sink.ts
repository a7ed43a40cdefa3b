import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Random } from '../random.ts'

/** Collects events, and says how deltas are made. */
export interface EventSink {
  events: ResponseStreamEvent[]
  random: Random
  /** Returns the random source for the sizes of a text's deltas. */
  cutBy(text: string): Random
  /** Returns the padding of a delta. Undefined if the request turned padding off. */
  pad: ((delta: string) => string) | undefined
  /** Whether text deltas have log probabilities (`include: message.output_text.logprobs`). */
  logprobs: boolean
}
