import type { ErrorShape } from '../contract/error-shape.ts'
import type { KeptContext, Outcome, Update } from '../contract/run-outcome.ts'
import type { RemoteWorld, Run } from '../contract/runtime.ts'
import type { FromDriver, ToDriver } from './protocol.ts'

/** A run in another process. */
export interface RemoteRun extends Run {
  /** What the driver says of it. */
  hear(message: Extract<FromDriver, { type: 'update' | 'end' | 'outcome' }>): void
  /** Nothing more will be said. */
  lose(error: Error): void
}

/** An error of the run, as the driver told it. */
class RemoteError extends Error {
  readonly status?: number
  readonly code?: string
  constructor({ name, message, status, code }: ErrorShape) {
    super(message)
    // Its class is what its name is taken from.
    Object.defineProperty(this, 'constructor', { value: { name } })
    if (status !== undefined) this.status = status
    if (code !== undefined) this.code = code
  }
}

/**
 * A run whose updates are taken there and told here. They are asked for all at once, or as many as its consumer takes before it
 * stops: so how fast they are taken does not depend on the way between the processes. Where something
 * else than updates decides when it returns, it looks before each whether to take another, and they are asked for one by one.
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

  /** Gives what has come to who waits for it. */
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

/** How many updates to ask for at once, where so many are taken already. */
function countUpdatesToPull(stop: ReturnType<RemoteWorld['consumed']>['stop'], taken: number): number {
  if (stop === undefined) return Number.POSITIVE_INFINITY
  if ('updates' in stop.after)
    return stop.after.updates > taken ? stop.after.updates - taken : Number.POSITIVE_INFINITY
  return stop.how === 'return' ? 1 : Number.POSITIVE_INFINITY
}
