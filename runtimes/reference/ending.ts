/** How an operation ended. `stopped` means that its caller stopped it, which is neither a success nor a failure. */
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

/** Returns the ending of an operation that threw. Any error after the abort counts as a stop. */
export function buildEnding(thrown: unknown, signal: AbortSignal): Ending<never> {
  return signal.aborted ? stopped(signal.reason) : failed(thrown)
}

/** Settles as `work` does. Rejects with the signal's reason if the signal fires first; `work` then continues unobserved. */
export function raceWithAbort<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
