/** How something ended that could end in three ways. Stopped by whoever asked for it is neither success nor failure. */
export type Ending<Result> =
  | { kind: 'completed'; result: Result }
  | { kind: 'failed'; error: unknown }
  | { kind: 'stopped'; reason: unknown }

export function completed<Result>(result: Result): Ending<Result> {
  return { kind: 'completed', result }
}

export function failed(error: unknown): Ending<never> {
  return { kind: 'failed', error }
}

export function stopped(reason: unknown): Ending<never> {
  return { kind: 'stopped', reason }
}

/** The ending of what threw: whatever is thrown after the stop is the stop's. */
export function endingOf(thrown: unknown, signal: AbortSignal): Ending<never> {
  return signal.aborted ? stopped(signal.reason) : failed(thrown)
}

/** Settles as `work` does, or rejects with the signal's reason when that fires first; `work` is then left to itself. */
export function untilAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
