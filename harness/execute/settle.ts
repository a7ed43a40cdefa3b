import type { Clock } from './clock.ts'
import type { Gates, Standing } from './gates.ts'

/** So many turns of the event loop in which nothing happens mean, in-process, that nothing will. */
const QUIET_TURNS = 12

/** How long a conversation may take to come to its next gate: virtual under the harness's clock, else real. */
const BOUND = { virtual: 60_000, real: 5_000 }

/**
 * Waits until a conversation stands at a gate or has ended, or until nothing more will come of it: under the harness's
 * clock when all is quiet and no timer is left within the bound, without it when the bound has passed.
 */
export async function settle(
  conversation: number,
  { gates, clock, events }: { gates: Gates; clock: Clock | undefined; events: readonly unknown[] },
): Promise<Standing> {
  const moved = () => gates.moves + events.length
  const begun = clock ? clock.now() : performance.now()
  let quiet = 0
  let seen = moved()
  for (;;) {
    // One more turn also where it stands at a gate: what its last opening caused elsewhere must be over.
    await new Promise((resolve) => setImmediate(resolve))
    const now = moved()
    quiet = now === seen ? quiet + 1 : 0
    seen = now
    const standing = gates.standingOf(conversation)
    if (standing !== 'running' && quiet >= (clock ? 2 : 1)) return standing
    if (quiet < QUIET_TURNS) continue
    if (clock) {
      if (clock.now() - begun >= BOUND.virtual || !(await clock.advance())) return standing
      quiet = 0
    } else if (performance.now() - begun >= BOUND.real) return standing
  }
}
