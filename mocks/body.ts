/**
 * One step of a response body: send bytes, end, break like a lost connection, or send nothing more. A body that no socket carries as
 * bytes can send texts instead.
 */
export type BodyAct<Chunk = Uint8Array> = { send: Chunk } | 'end' | 'reset' | 'stall'

export interface BodyWatch {
  /** Awaited before act `index`. It is the gate of that stream event. */
  before?(index: number): Promise<void> | undefined
  /** Called after act `index`. */
  after?(index: number): void
  /** Called at most once, when the client cancels before the last act. */
  cancelled?(): void
}

type Controller = ReadableStreamDefaultController<unknown>

/** How a stream ends after the client has read everything. */
const CLOSINGS: Readonly<Record<Exclude<BodyAct, object | 'stall'>, (controller: Controller) => void>> = {
  end: (controller) => controller.close(),
  reset: (controller) => controller.error(connectionLost('terminated')),
}

const NOTHING = new Uint8Array(0)

/**
 * Returns a response body that carries out `acts` in order, each as soon as its gate opens. It does not wait until the
 * client reads: a socket accepts data without a reader, too, so that a slow reader changes nothing on any transport. A
 * list without a closing act ends the body. `signal` is the signal of the request; an abort reaches the body through
 * it.
 */
export function streamActs<Chunk = Uint8Array>(
  acts: readonly BodyAct<Chunk>[],
  watch: BodyWatch = {},
  signal?: AbortSignal,
): ReadableStream<Chunk | Uint8Array> {
  let over = false
  // Whether the client has read everything and waits for more.
  let starved = false
  // Ends the stream. Set when the closing act is reached; called when everything was read.
  let finish: (() => void) | undefined
  let abort: (() => void) | undefined
  // A signal keeps its listeners alive, and a composite signal stays alive as long as it has a listener.
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

  return new ReadableStream<Chunk | Uint8Array>(
    {
      start(controller) {
        abort = () => {
          leave()
          controller.error(signal?.reason)
        }
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort, { once: true })
        // Under interception the head is sent with the first chunk. Without this empty chunk, a body that breaks or
        // stalls at once would look like a refused connection.
        controller.enqueue(NOTHING)
        perform(controller).catch((error) => controller.error(error))
      },
      // Streams call this only when everything was read and more is wanted.
      pull() {
        starved = true
        finish?.()
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  )
}

/**
 * Returns the error of undici for a connection that the other side closed: `fetch failed` before the head, `terminated`
 * during the body.
 */
export function connectionLost(message: 'fetch failed' | 'terminated'): TypeError {
  const cause = Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' })
  return new TypeError(message, { cause })
}
