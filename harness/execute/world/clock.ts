import FakeTimers from '@sinonjs/fake-timers'

/** The clock that a plan runs under. */
export interface Clock {
  /** Moves to the next timer and lets it ring, or by `most` milliseconds where that is less. False: no timer is set. */
  advance(most: number): boolean
  /** Virtual milliseconds since the plan began. */
  now(): number
  /** How many timers are set. */
  timers(): number
  release(): void
}

/** When every plan begins, so that no date depends on the day. */
export const EPOCH = Date.UTC(2026, 0, 1)

/**
 * Puts the harness's own clock in the place of the process's: timers, Date and performance, but never setImmediate or
 * microtasks, by which the harness itself sees that all is quiet. A timer that a runtime made before it is cleared with
 * the real function, without the warning that would count as noise of the runtime.
 */
export function holdClock(): Clock {
  const clock = FakeTimers.install({
    now: EPOCH,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    shouldClearNativeTimers: true,
  })
  return {
    advance(most) {
      if (clock.countTimers() === 0) return false
      const limit = clock.setTimeout(() => {}, most)
      try {
        clock.next()
      } catch (error) {
        // What a timer throws nobody catches, here as elsewhere.
        setImmediate(() => {
          throw error
        })
      } finally {
        clock.clearTimeout(limit)
      }
      return true
    },
    now: () => clock.now - EPOCH,
    timers: () => clock.countTimers(),
    release: () => clock.uninstall(),
  }
}
