import { MAX_BYTES } from '../../limits.ts'

export interface Tapped {
  bytes: Uint8Array
  /** `client`: the client left before the end. `upstream`: the body broke. */
  cut?: 'client' | 'upstream'
}

/**
 * Returns a body that passes through as its reader pulls it, and the bytes that passed. `ended` resolves when the body
 * is over, for any reason, and never rejects. `broken` is called if the source breaks. Beyond `MAX_BYTES` the body
 * passes on, but only one more byte is kept, which shows that the body is too large.
 */
export function tapBody(
  source: ReadableStream<Uint8Array> | null,
  broken: () => void,
): { body: ReadableStream<Uint8Array> | null; ended: Promise<Tapped> } {
  if (source === null) return { body: null, ended: Promise.resolve({ bytes: new Uint8Array() }) }
  const reader = source.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  const { promise: ended, resolve } = Promise.withResolvers<Tapped>()
  const end = (cut?: 'client' | 'upstream') => resolve({ bytes: Buffer.concat(chunks), ...(cut && { cut }) })
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) {
            end()
            return controller.close()
          }
          if (size <= MAX_BYTES) chunks.push(value.subarray(0, MAX_BYTES + 1 - size))
          size += value.byteLength
          controller.enqueue(value)
        } catch {
          end('upstream')
          // The controller stays open: its error would overtake bytes that are still on their way to the client.
          broken()
        }
      },
      cancel(reason) {
        end('client')
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return { body, ended }
}
