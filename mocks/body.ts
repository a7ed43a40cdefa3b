/** One thing that a response body does: send bytes, end, break like a lost connection, or fall silent for good. */
export type Act = { send: Uint8Array } | 'end' | 'reset' | 'stall'

export interface BodyWatch {
  /** Awaited before act `index` is carried out: the gate of that stream event. */
  before?(index: number): Promise<void> | undefined
  /** Act `index` was carried out. */
  after?(index: number): void
  /** The client cancelled: it will read no more. Called at most once, and never after `end` or `reset`. */
  cancelled?(): void
}

/**
 * A response body that does `acts` in order, each when the client pulls (high-water mark 0).
 * A list without a closing act ends. `signal` is the request's own, which is how a cancel shows under interception.
 */
export function bodyOf(
  acts: readonly Act[],
  watch: BodyWatch = {},
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  let index = 0
  let over = false
  const cancel = () => {
    if (over) return
    over = true
    watch.cancelled?.()
  }
  let aborted: () => void = cancel
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        aborted = () => {
          if (over) return
          cancel()
          controller.error(new DOMException('This operation was aborted', 'AbortError'))
        }
        if (signal?.aborted) aborted()
        else signal?.addEventListener('abort', aborted, { once: true })
      },
      async pull(controller) {
        const at = index++
        const held = watch.before?.(at)
        if (held) await held
        if (over) return
        const act = acts[at] ?? 'end'
        if (act === 'stall') {
          watch.after?.(at)
          return new Promise<void>((resolve) =>
            signal?.addEventListener('abort', () => resolve(), { once: true }),
          )
        }
        if (typeof act === 'object') controller.enqueue(act.send)
        else {
          over = true
          signal?.removeEventListener('abort', aborted)
          if (act === 'end') controller.close()
          // undici reports a connection that broke under a body in exactly this way.
          else controller.error(new TypeError('terminated', { cause: new Error('other side closed') }))
        }
        watch.after?.(at)
      },
      cancel() {
        signal?.removeEventListener('abort', aborted)
        cancel()
      },
    },
    { highWaterMark: 0 },
  )
}
