import type { Standing } from './gates.ts'
import type { Stage } from './stage.ts'

/** So many turns of the event loop in which nothing happens mean, in-process, that nothing will. */
const QUIET_TURNS = 12

/**
 * So many of them come after the last thing that happened, also where the conversation stands at its next gate. Under
 * `fetch` all that a gate lets go runs in microtasks, of which one turn leaves none; MSW's interception takes more.
 */
const TURNS_AFTER = { fetch: 1, intercept: 2, http: 1 } as const

/** Without the harness's clock silence proves little: so long must nothing happen before it is taken for quiet. */
const QUIET_MS = 25

/**
 * Waits until a conversation stands at a gate, is held or has ended, or until nothing more will come of it: under the
 * harness's clock when all is quiet and no timer is left within the bound, without it when the bound has passed.
 */
export async function settle(conversation: number, stage: Stage): Promise<Standing> {
  const { gates } = stage
  const wait = quietly(stage)
  for (;;) {
    // One more turn also where it stands at a gate: what its last opening caused elsewhere must be over.
    await wait.turn()
    const standing = gates.standingOf(conversation)
    if (wait.quiet >= TURNS_AFTER[stage.transport] && (standing === 'at-gate' || standing === 'ended'))
      return standing
    if (standing === 'held' && wait.isQuiet()) return standing
    if (standing === 'running' && wait.isOver()) return standing
  }
}

/** Waits for a promise of the runtime's own, which may need timers to ring. False: it did not settle within the bound. */
export async function within(work: Promise<unknown>, stage: Stage): Promise<boolean> {
  let settled = false
  const done = () => {
    settled = true
  }
  work.then(done, done)
  const wait = quietly(stage)
  for (;;) {
    await wait.turn()
    if (settled) return true
    if (wait.isOver()) return false
  }
}

/** Waits until nothing happens any more; no timer is made to ring. */
export async function allQuiet(stage: Stage): Promise<void> {
  const wait = quietly(stage)
  do await wait.turn()
  while (!wait.isQuiet())
}

function quietly({ gates, clock, history, bound }: Stage) {
  const moved = () => gates.moves + history.events.length
  const begun = clock ? clock.now() : performance.now()
  let seen = moved()
  let since = performance.now()
  return {
    /** Turns of the event loop in which nothing has happened. */
    quiet: 0,
    async turn() {
      await new Promise((resolve) => setImmediate(resolve))
      const now = moved()
      if (now !== seen && !clock) since = performance.now()
      this.quiet = now === seen ? this.quiet + 1 : 0
      seen = now
    },
    isQuiet() {
      return this.quiet >= QUIET_TURNS && (clock !== undefined || performance.now() - since >= QUIET_MS)
    },
    /** Whether nothing more will come; lets the next timer ring where all is quiet. */
    isOver() {
      if (this.quiet < QUIET_TURNS) return false
      if (!clock) return performance.now() - begun >= bound
      if (clock.now() - begun >= bound || !clock.advance()) return true
      this.quiet = 0
      return false
    },
  }
}
