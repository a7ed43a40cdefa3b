import type { ResponseStream } from '../response-stream.ts'

/** Makes the stream execute each pull inside `pull`, and returns the stream. Stopping the stream does not call `pull`. */
export function wrapPulls<U, R>(
  stream: ResponseStream<U, R>,
  pull: <T>(work: () => T) => T,
): ResponseStream<U, R> {
  const iterate = stream[Symbol.asyncIterator].bind(stream)
  const waitForEnding = stream.waitForEnding.bind(stream)
  return Object.assign(stream, {
    [Symbol.asyncIterator](): AsyncIterator<U, undefined> {
      const iterator = iterate()
      return Object.assign(iterator, { next: within(iterator.next.bind(iterator)) })
    },
    waitForEnding: within(waitForEnding),
  })

  function within<T>(work: () => T): () => T {
    return () => pull(work)
  }
}
