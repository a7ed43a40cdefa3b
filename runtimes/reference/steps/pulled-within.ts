import type { ResponseStream } from '../response-stream.ts'

type Within = <T>(work: () => T) => T

/** The same stream, each pull of it done within `pull`, whoever pulls; what stops it is done within `stop`. */
export function pulledWithin<U, R>(
  stream: ResponseStream<U, R>,
  pull: Within,
  stop: Within,
): ResponseStream<U, R> {
  const iterate = stream[Symbol.asyncIterator].bind(stream)
  const settled = stream.settled.bind(stream)
  const cancel = stream.cancel.bind(stream)
  return Object.assign(stream, {
    [Symbol.asyncIterator](): AsyncIterator<U, undefined> {
      const iterator = iterate()
      return {
        next: () => pull(() => iterator.next()),
        return: () => stop(() => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined })),
      }
    },
    settled: () => pull(settled),
    cancel: (reason?: unknown) => stop(() => cancel(reason)),
  })
}
