import { type Ending, endingOf } from '../ending.ts'

/** How a stream serves its consumer. */
export interface StreamParts {
  /** Serves a pull in the async context of its caller, and leaves that context unchanged. */
  serve<T>(pull: () => Promise<T>, stream: object): Promise<T>
  /** Returns the ending of a stream that threw. `signal` fires when the stream is stopped. */
  endingOf(thrown: unknown, signal: AbortSignal): Ending<never>
  /** Releases everything that the source still holds, such as an open request. */
  letGo(source: AsyncGenerator<unknown, unknown>, ending: Ending<unknown>): Promise<unknown>
}

export const soundStreams: StreamParts = {
  serve: (pull) => pull(),
  endingOf,
  letGo: (source) => source.return(undefined),
}
