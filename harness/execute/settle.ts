import { Elsewhere } from './elsewhere.ts'
import type { Standing } from './gates.ts'
import type { Stage } from './stage.ts'

/** So many turns of the event loop in which nothing happens mean, in-process, that nothing will. */
const QUIET_TURNS = 12

/**
 * So many of them come after the last thing that happened, also where the conversation stands at its next gate. Under
 * `fetch` all that a gate lets go runs in microtasks, of which a turn leaves none; a socket, mocked or real, takes more.
 */
const TURNS_AFTER = { fetch: 0, intercept: 2, http: 1 } as const

/** Without the harness's clock silence proves little: so long must nothing happen before it is taken for quiet. */
const QUIET_MS = 25

/** So long, where a turn may send several requests at once and its client does not tell of them. */
const SEVERAL_MS = 8

/** So many turns after the client has its answer it has asked what it asks next. */
const SEVERAL_TURNS = 4

/** So long must nothing come of another process, also after it has said that nothing goes on there, before that is believed. */
const SILENT_MS = 20

/** So often is another process looked at of which nothing is heard. */
const LOOK_MS = 5

/** The longest that a request is waited for that a client has and the service has not, or the other way round. */
const FLIGHT_MS = 250

/**
 * Waits until a conversation stands at a gate, is held or has ended, or until nothing more will come of it: under the
 * harness's clock when all is quiet and no timer is left within the bound, without it when the bound has passed.
 */
export async function settle(conversation: number, stage: Stage): Promise<Standing> {
  const quiet = new Quiet(stage)
  const enough = TURNS_AFTER[stage.transport]
  for (;;) {
    await quiet.turn()
    const standing = stage.gates.standingOf(conversation)
    if (standing === 'at-gate' || standing === 'ended') {
      // Of several requests at once one may still be on its way.
      const landed = stage.arriving === 0 && (!stage.nests || quiet.hasLanded())
      const stands = quiet.turns >= enough && landed && quiet.isSilentElsewhere()
      if (stands && !quiet.letPull()) return standing
    } else if (standing === 'held') {
      if (quiet.isQuiet() && !quiet.letPull()) return standing
    } else if (quiet.isQuiet() && quiet.letPull()) continue
    else if (quiet.isOver()) return standing
  }
}

/** Waits for a promise of the runtime's own, which may need timers to ring. False: it did not settle within the bound. */
export async function within(work: Promise<unknown>, stage: Stage): Promise<boolean> {
  let settled = false
  const done = () => {
    settled = true
  }
  work.then(done, done)
  const quiet = new Quiet(stage)
  for (;;) {
    await quiet.turn()
    if (settled) return true
    if (quiet.isOver()) return false
  }
}

/** Waits until nothing happens any more; no timer is made to ring. */
export async function allQuiet(stage: Stage): Promise<void> {
  const quiet = new Quiet(stage)
  do await quiet.turn()
  while (!quiet.isQuiet() || quiet.letPull())
}

/** Counts turns of the event loop in which nothing happens on a stage. */
class Quiet {
  turns = 0
  readonly #stage: Stage
  readonly #begun: number
  #seen: number
  #since: number
  readonly #elsewhere: Elsewhere | undefined

  constructor(stage: Stage) {
    this.#stage = stage
    this.#begun = this.#now()
    this.#since = this.#begun
    this.#seen = this.#moved()
    const { quiet } = stage.team ?? {}
    this.#elsewhere = quiet && new Elsewhere(stage, quiet)
  }

  /** Waits for a turn of the event loop, and counts it. Of another process nothing is seen by turning here. */
  async turn(): Promise<void> {
    const elsewhere = this.#elsewhere
    const asking = elsewhere?.asking
    if (elsewhere && (asking || this.turns > QUIET_TURNS))
      await Promise.race([this.#stage.history.next(), ...(asking ? [asking] : []), look()])
    else await nextTurn()
    this.#count()
    // What it sent by another way before it answered may still be on that way.
    if (asking && elsewhere?.asking !== asking) this.#stir()
  }

  #count(): void {
    const moved = this.#moved()
    if (moved === this.#seen) {
      this.turns++
      return
    }
    this.#seen = moved
    this.#stir()
  }

  #stir(): void {
    this.turns = 0
    if (!this.#stage.clock) this.#since = performance.now()
  }

  isQuiet(): boolean {
    if (this.turns < QUIET_TURNS) return false
    if (this.#stage.clock !== undefined) return true
    if (this.#elsewhere) return this.#elsewhere.isSilent(this.#still())
    // Where client and service do not agree on what is open, one of them has yet to hear of it.
    return this.lasts(this.#stage.flight?.any ? FLIGHT_MS : QUIET_MS)
  }

  /**
   * Whether all is quiet in another process, too, where there is one. It is not waited for where it was sent what is only passed
   * on: that changes nothing but how far its consumer is.
   */
  isSilentElsewhere(): boolean {
    return this.#stage.passesOn || !this.#elsewhere || this.#elsewhere.isSilent(this.#still())
  }

  /** Lets the consumer that has waited for this the longest go on; tells whether there was one. */
  letPull(): boolean {
    const go = this.#stage.pulls.shift()
    if (go === undefined) return false
    this.#stir()
    go()
    return true
  }

  /** Whether no request of several is on its way; under the harness's clock none ever is. */
  hasLanded(): boolean {
    const { flight } = this.#stage
    if (this.#elsewhere) return this.isQuiet()
    if (flight === undefined) return true
    if (flight.any === undefined) return this.lasts(SEVERAL_MS)
    return (!flight.any && this.turns >= SEVERAL_TURNS) || this.lasts(FLIGHT_MS)
  }

  /** Whether nothing has happened for so many milliseconds. */
  lasts(milliseconds: number): boolean {
    return this.#still() >= milliseconds
  }

  /** Whether nothing more will come; lets the next timer ring where all is quiet. */
  isOver(): boolean {
    if (this.turns < QUIET_TURNS) return false
    const { clock, bound } = this.#stage
    const left = bound - (this.#now() - this.#begun)
    if (left <= 0) return true
    if (!clock)
      return (
        this.#stage.arriving === 0 && this.lasts(SILENT_MS) && (this.#elsewhere?.waitsForNobody() ?? false)
      )
    if (!clock.advance(left)) return true
    this.turns = 0
    return false
  }

  #still(): number {
    return performance.now() - this.#since
  }

  #now(): number {
    return this.#stage.clock?.now() ?? performance.now()
  }

  #moved(): number {
    const { gates, history, flight } = this.#stage
    return gates.moves + history.events.length + (flight?.moves ?? 0)
  }
}

function look(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
