import { buildEnding, type Ending } from '../ending.ts'

/** How a stream serves its consumer. */
export interface StreamParts {
  /** Serves a pull in the async context of its caller, and leaves that context unchanged. */
  servePull<T>(pull: () => Promise<T>, stream: object): Promise<T>
  /** Removes the stream's listener from the signal of its caller. Called when the stream has ended. */
  stopListening(unlisten: () => void): void
  /** Returns the ending of a stream that threw. `signal` fires when the stream is stopped. */
  buildEnding(thrown: unknown, signal: AbortSignal): Ending<never>
  /** Releases everything that the source still holds, such as an open request. */
  releaseSource(source: AsyncGenerator<unknown, unknown>, ending: Ending<unknown>): Promise<unknown>
}

export const soundStreams: StreamParts = {
  servePull: (pull) => pull(),
  stopListening: (unlisten) => unlisten(),
  buildEnding,
  releaseSource: (source) => source.return(undefined),
}
