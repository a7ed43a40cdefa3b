import { AsyncResource } from 'node:async_hooks'
import FakeTimers from '@sinonjs/fake-timers'

/** The clock that a plan runs under. Time passes only when the harness lets it. */
export interface Clock {
  /** Moves to the next timer and lets it ring, at most `most` milliseconds. Returns false if no timer is set. */
  advance(most: number): boolean
  /** Virtual milliseconds since the plan began. */
  now(): number
  /** How many timers are set. */
  timers(): number
  release(): void
}

/** The time at which every plan begins, so that no date depends on the day. */
export const EPOCH = Date.UTC(2026, 0, 1)

/**
 * Replaces the timers, `Date` and `performance` of the process by the harness's clock. `setImmediate` and microtasks
 * stay real: by them the harness sees that nothing goes on. A timer that a runtime made earlier is cleared by the
 * real function, without a warning that would count as noise.
 */
export function holdClock(): Clock {
  const clock = FakeTimers.install({
    now: EPOCH,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    shouldClearNativeTimers: true,
  })
  keepContexts()
  return {
    advance(most) {
      if (clock.countTimers() === 0) return false
      const limit = clock.setTimeout(() => {}, most)
      try {
        clock.next()
      } catch (error) {
        // An error in a timer is uncaught, here as elsewhere.
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

/** Makes each timer ring in the async context in which it was set, as the timers of Node do. */
function keepContexts(): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const set = globalThis[name] as (...given: unknown[]) => NodeJS.Timeout
    const setInContext = (ring: unknown, ...rest: unknown[]) =>
      set(typeof ring === 'function' ? AsyncResource.bind(ring as () => void) : ring, ...rest)
    Object.defineProperty(globalThis, name, {
      value: Object.assign(setInContext, set),
      configurable: true,
      writable: true,
    })
  }
}
