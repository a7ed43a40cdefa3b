import { type Ending, endingOf } from '../ending.ts'

/** How a stream serves its consumer. */
export interface StreamParts {
  /** Serves a pull in the async context of its caller, which stays as it is. */
  serve<T>(pull: () => Promise<T>, stream: object): Promise<T>
  /** How a stream ends that threw, by the signal of its stop. */
  endingOf(thrown: unknown, signal: AbortSignal): Ending<never>
  /** Lets go of all that the source still holds, such as an open request. */
  letGo(source: AsyncGenerator<unknown, unknown>, ending: Ending<unknown>): Promise<unknown>
}

export const soundStreams: StreamParts = {
  serve: (pull) => pull(),
  endingOf,
  letGo: (source) => source.return(undefined),
}
