import { type Clock, holdClock } from './clock.ts'
import { holdEnvironment } from './environment.ts'
import { holdRandom } from './random.ts'

/** What the harness holds of the process while a plan runs. */
export interface HeldProcess {
  /** Undefined where time is real. */
  clock: Clock | undefined
  release(): void
}

/**
 * Holds what would make two runs of one plan differ: random numbers, environment variables and, unless time has to be real,
 * the clock. One plan at a time in a process.
 */
export function holdProcess(seed: string, time: 'held' | 'real'): HeldProcess {
  const random = holdRandom(seed)
  const environment = holdEnvironment()
  const clock = time === 'held' ? holdClock() : undefined
  return {
    clock,
    release() {
      clock?.release()
      random.release()
      environment.release()
    },
  }
}
