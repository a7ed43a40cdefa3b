import { buildEnding, completed, type Ending, failed, raceWithAbort, stopped } from './ending.ts'
import { type HookParts, soundHooks } from './parts/hooks.ts'
import { type StreamParts, soundStreams } from './parts/streams.ts'

/** The code behind a stream. */
export interface StreamSource<U, R> {
  /** Returns the updates. Nothing happens before the first pull. The signal fires when the stream is stopped. */
  openUpdates(signal: AbortSignal): AsyncGenerator<U, R>
  /** Called once, after all hooks, with the ending of the stream. Returns the final ending. If it throws, the stream fails. */
  settle(ending: Ending<R>): Promise<Ending<R>>
}

export type TransformHook<U> = (update: U) => U | Promise<U>
export type ResultHook<R> = (result: R) => R | Promise<R>
export type CleanupHook<R> = (ending: Ending<R>) => void | Promise<void>

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }
const ignore = () => {}

const soundStream: StreamParts & HookParts = { ...soundStreams, ...soundHooks }

/**
 * A run that can be iterated, awaited with `getFinalResponse`, or both. Nothing happens before the first pull. The stream is
 * not a thenable, so an async function can return it without starting it. Pulls are served one at a time, each in the async
 * context of its caller.
 *
 * Its signal, the iterator's `return()` and `cancel()` stop the stream at once, also between two pulls.
 */
export class ResponseStream<U, R> implements AsyncIterable<U> {
  readonly #source: AsyncGenerator<U, R>
  readonly #settle: StreamSource<U, R>['settle']
  readonly #control = new AbortController()
  readonly #transform: TransformHook<U>[] = []
  readonly #result: ResultHook<R>[] = []
  readonly #cleanup: CleanupHook<R>[] = []
  readonly #parts: StreamParts & HookParts
  #unlisten: () => void = ignore
  #queue: Promise<unknown> = Promise.resolve()
  #ending: Ending<R> | undefined
  #returned = false

  constructor(source: StreamSource<U, R>, signal?: AbortSignal, parts = soundStream) {
    this.#parts = parts
    this.#settle = (ending) => source.settle(ending)
    this.#source = source.openUpdates(this.#control.signal)
    if (signal) this.#follow(signal)
  }

  /**
   * Adds a hook that is called with each update, in the order of registration. The hook returns the update to deliver. If the
   * hook throws, the stream fails.
   */
  withTransformHook(hook: TransformHook<U>): this {
    this.#transform.push(hook)
    return this
  }

  /**
   * Adds a hook that is called once, with the final response, on success only. The hook returns the response to deliver. If
   * the hook throws, the stream fails.
   */
  withResultHook(hook: ResultHook<R>): this {
    this.#result.push(hook)
    return this
  }

  /**
   * Adds a hook that is called once, after the result hooks, with the ending of the stream: success, failure, early return or
   * abort. If the hook throws, a successful stream fails. Any other ending stays as it is.
   */
  withCleanupHook(hook: CleanupHook<R>): this {
    this.#cleanup.push(hook)
    return this
  }

  [Symbol.asyncIterator](): AsyncIterator<U, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.#returned = true
        await this.cancel()
        return DONE
      },
    }
  }

  /**
   * Pulls all remaining updates and returns the final response. Rejects with the error of a failed stream, or with the reason
   * of a stopped one.
   */
  async getFinalResponse(): Promise<R> {
    const ending = await this.waitForEnding()
    if (ending.kind === 'completed') return ending.result
    throw ending.kind === 'failed' ? ending.error : ending.reason
  }

  /** Pulls all remaining updates and returns how the stream ended. Never rejects. */
  async waitForEnding(): Promise<Ending<R>> {
    for (;;) {
      if (this.#ending !== undefined) return this.#ending
      await this.#next().catch(ignore)
    }
  }

  /** Stops the stream if it has not ended. Resolves when its hooks have run. */
  cancel(reason: unknown = new DOMException('The run was stopped.', 'AbortError')): Promise<void> {
    this.#control.abort(reason)
    return this.#enqueue(async () => {
      if (this.#ending === undefined) await this.#end(stopped(this.#control.signal.reason))
    })
  }

  #follow(signal: AbortSignal): void {
    const abort = () => {
      this.cancel(signal.reason).catch(ignore)
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    this.#unlisten = () => signal.removeEventListener('abort', abort)
  }

  #next(): Promise<IteratorResult<U, undefined>> {
    return this.#parts.servePull(() => this.#enqueue(() => this.#pull()), this)
  }

  /** Runs `work` after all earlier pulls and cancellations. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(ignore)
    return done
  }

  async #pull(): Promise<IteratorResult<U, undefined>> {
    if (this.#ending !== undefined) return DONE
    const { signal } = this.#control
    let ending: Ending<R>
    try {
      signal.throwIfAborted()
      const pulled = await this.#source.next()
      if (!pulled.done) return { done: false, value: await this.#callTransformHooks(pulled.value) }
      ending = completed(pulled.value)
    } catch (error) {
      ending = this.#parts.buildEnding(error, signal)
    }
    const last = await this.#end(await this.#callResultHooks(ending))
    if (last.kind === 'failed') throw last.error
    if (last.kind === 'stopped' && !this.#returned) throw last.reason
    return DONE
  }

  async #callTransformHooks(update: U): Promise<U> {
    let given = update
    for (const hook of this.#parts.chooseTransformHooks(this.#transform, update)) given = await hook(given)
    return given
  }

  /** Calls the result hooks, and returns the ending with their result. */
  async #callResultHooks(ending: Ending<R>): Promise<Ending<R>> {
    const { signal } = this.#control
    let result = this.#parts.chooseHookResult(ending)
    if (result === undefined) return ending
    try {
      for (const hook of this.#result) result = await raceWithAbort(hook(result), signal)
      signal.throwIfAborted()
    } catch (error) {
      return ending.kind === 'completed' ? buildEnding(error, signal) : ending
    }
    return ending.kind === 'completed' ? completed(result) : ending
  }

  async #end(ending: Ending<R>): Promise<Ending<R>> {
    // The source releases everything first, such as an open request. An error here cannot change the ending.
    await this.#parts.releaseSource(this.#source, ending).catch(ignore)
    let last = ending
    for (const hook of this.#parts.chooseCleanupHooks(this.#cleanup, ending)) {
      try {
        await hook(last)
      } catch (error) {
        if (last.kind === 'completed') last = failed(error)
      }
    }
    last = await this.#settle(last).catch(failed)
    this.#ending = last
    this.#parts.stopListening(this.#unlisten)
    return last
  }
}
