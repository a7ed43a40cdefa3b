import type { ErrorShape } from '../contract/error-shape.ts'
import type { KeptContext, Outcome, Update } from '../contract/run-outcome.ts'
import type { RemoteWorld, Run } from '../contract/runtime.ts'
import type { FromDriver, ToDriver } from './protocol.ts'

/** A run in another process. */
export interface RemoteRun extends Run {
  /** Handles a message of the driver about this run. */
  hear(message: Extract<FromDriver, { type: 'update' | 'end' | 'outcome' }>): void
  /** Ends the run with an error because the driver is gone. */
  lose(error: Error): void
}

/** An error that the driver reported for the run. */
class RemoteError extends Error {
  readonly status?: number
  readonly code?: string
  constructor({ name, message, status, code }: ErrorShape) {
    super(message)
    // An error's name is taken from its class.
    Object.defineProperty(this, 'constructor', { value: { name } })
    if (status !== undefined) this.status = status
    if (code !== undefined) this.code = code
  }
}

/**
 * Returns a run in another process. Its driver reads the updates there.
 * Updates are requested all at once, or as many as the consumer reads before it stops. So the connection between the
 * processes does not decide how fast they are read. If something other than updates decides when the consumer
 * returns, updates are requested one by one.
 */
export function createRemoteRun(
  run: string,
  stops: ReturnType<RemoteWorld['consumed']>['stop'],
  send: (message: ToDriver) => void,
): RemoteRun {
  const here: Extract<FromDriver, { type: 'update' | 'end' }>[] = []
  let waiting: PromiseWithResolvers<IteratorResult<Update>> | undefined
  let outcome: PromiseWithResolvers<Outcome> | undefined
  let lost: Error | undefined
  let asked = 0
  let taken = 0
  let ended = false
  let kept: KeptContext = { context: 'kept', span: 'kept' }

  /** Passes on what has arrived to the consumer that waits for it. */
  function give(): void {
    const { [0]: message } = here
    if (waiting === undefined || message === undefined) return
    here.shift()
    const { resolve, reject } = waiting
    waiting = undefined
    kept = { context: message.context, span: message.span }
    ended = message.type === 'end'
    if (message.type === 'update') resolve({ done: false, value: message.update as Update })
    else if (message.error) reject(new RemoteError(message.error as ErrorShape))
    else resolve({ done: true, value: undefined })
  }

  function ask(): void {
    const most = countUpdatesToPull(stops, taken)
    asked = taken + most
    send({ type: 'pull', run, ...(most === Number.POSITIVE_INFINITY ? {} : { most }) })
  }

  const updates: AsyncIterableIterator<Update> = {
    [Symbol.asyncIterator]: () => updates,
    next() {
      if (lost) return Promise.reject(lost)
      if (ended) return Promise.resolve({ done: true, value: undefined })
      const next = Promise.withResolvers<IteratorResult<Update>>()
      waiting = next
      if (taken >= asked) ask()
      taken++
      give()
      return next.promise
    },
    async return() {
      send({ type: 'stop', run })
      return { done: true, value: undefined }
    },
  }
  return {
    updates,
    outcome() {
      if (lost) return Promise.reject(lost)
      outcome = Promise.withResolvers()
      send({ type: 'outcome', run })
      return outcome.promise
    },
    drop: () => send({ type: 'drop', run }),
    kept: () => kept,
    hear(message) {
      if (message.type === 'outcome') outcome?.resolve(message.outcome as Outcome)
      else {
        here.push(message)
        give()
      }
    },
    lose(error) {
      lost = error
      waiting?.reject(error)
      outcome?.reject(error)
    },
  }
}

/** Returns how many updates to request at once, after `taken` have been read. */
function countUpdatesToPull(stop: ReturnType<RemoteWorld['consumed']>['stop'], taken: number): number {
  if (stop === undefined) return Number.POSITIVE_INFINITY
  if ('updates' in stop.after)
    return stop.after.updates > taken ? stop.after.updates - taken : Number.POSITIVE_INFINITY
  return stop.how === 'return' ? 1 : Number.POSITIVE_INFINITY
}
