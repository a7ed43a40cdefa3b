/** One thing that a response body does: send bytes, end, break like a lost connection, or fall silent for good. */
export type Act = { send: Uint8Array } | 'end' | 'reset' | 'stall'

export interface BodyWatch {
  /** Awaited before act `index` is carried out: the gate of that stream event. */
  before?(index: number): Promise<void> | undefined
  /** Act `index` was carried out. */
  after?(index: number): void
  /** The client cancelled before the last act: it will read no more. Called at most once. */
  cancelled?(): void
}

type Controller = ReadableStreamDefaultController<Uint8Array>

/** How a stream ends once everything that was sent has been read. */
const CLOSINGS: Readonly<Record<Exclude<Act, object | 'stall'>, (controller: Controller) => void>> = {
  end: (controller) => controller.close(),
  reset: (controller) => controller.error(connectionLost('terminated')),
}

const NOTHING = new Uint8Array(0)

/**
 * A response body that does `acts` in order, each as soon as its gate lets it, read or not: a socket takes
 * what is written too, so a consumer that merely stops reading changes nothing on any transport.
 * A list without a closing act ends. `signal` is the request's own, by which an abort reaches the body.
 */
export function bodyOf(
  acts: readonly Act[],
  watch: BodyWatch = {},
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  let over = false
  // Whether the client waits for more than it has been sent.
  let starved = false
  // How the stream ends once all that was sent has been read.
  let finish: (() => void) | undefined
  let abort: (() => void) | undefined
  // A signal keeps what listens to it, and a composite one is itself kept for as long as anything listens.
  const unlisten = () => abort && signal?.removeEventListener('abort', abort)
  const leave = () => {
    unlisten()
    if (over) return
    over = true
    watch.cancelled?.()
  }

  async function perform(controller: Controller): Promise<void> {
    for (let index = 0; !over; index++) {
      const held = watch.before?.(index)
      if (held) await held
      if (over) return
      const act = acts[index] ?? 'end'
      if (act === 'stall') return watch.after?.(index)
      if (typeof act === 'object') {
        starved = false
        controller.enqueue(act.send)
        watch.after?.(index)
        continue
      }
      over = true
      watch.after?.(index)
      finish = () => {
        unlisten()
        CLOSINGS[act](controller)
      }
      if (starved) finish()
      return
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        abort = () => {
          leave()
          controller.error(signal?.reason)
        }
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort, { once: true })
        // Under interception the head leaves with the first chunk, so that a body that breaks or stalls before its
        // first act would look like a refused connection.
        controller.enqueue(NOTHING)
        perform(controller).catch((error) => controller.error(error))
      },
      // Only called when all that was sent has been read and more is asked for.
      pull() {
        starved = true
        finish?.()
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  )
}

/** How undici reports that the other side closed the connection: before a head `fetch failed`, under a body `terminated`. */
export function connectionLost(message: 'fetch failed' | 'terminated'): TypeError {
  const cause = Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' })
  return new TypeError(message, { cause })
}
