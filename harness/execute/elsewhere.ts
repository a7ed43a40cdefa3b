import type { Silence, Team } from '../contract/runtime.ts'
import type { Stage } from './stage.ts'

/** So long must nothing be heard of a process that cannot see all of itself, in milliseconds. */
const UNSURE_MS = 8

/** So much of its own time may a conversation there take to come to its next gate, in milliseconds: the harness makes it pass. */
const PASSED_MS = 60_000

/**
 * The other process in which a runtime lives, while somebody here waits for it: nothing of it can be seen, so it is asked.
 * What it said holds until something is sent to it.
 */
export class Elsewhere {
  /** Settles when the question that is on is answered. */
  asking: Promise<void> | undefined
  readonly #stage: Stage
  readonly #quiet: NonNullable<Team['quiet']>
  #said: { silence: Silence; sent: number } | undefined
  #passed = 0

  constructor(stage: Stage, quiet: NonNullable<Team['quiet']>) {
    this.#stage = stage
    this.#quiet = quiet
  }

  /** Whether nothing goes on there. `still`: for so many milliseconds nothing was heard of it. */
  isSilent(still: number): boolean {
    const silence = this.#silence()
    return silence !== undefined && (silence.sure || still >= UNSURE_MS)
  }

  /** Whether nothing more will come of it; lets time pass there up to the next timer, as under the harness's clock. */
  waitsForNobody(): boolean {
    const silence = this.#silence()
    const { next } = silence ?? {}
    if (!silence?.sure || next === undefined) return false
    if (next === null || this.#passed + next > PASSED_MS) return true
    this.#passed += next
    this.#said = undefined
    this.#stage.team?.advance?.(next)
    return false
  }

  /** What it has said since anything was sent to it; asks where it has said nothing. One question at a time. */
  #silence(): Silence | undefined {
    const sent = this.#sent()
    if (this.#said?.sent === sent) return this.#said.silence
    this.asking ??= this.#quiet().then((silence) => {
      this.asking = undefined
      this.#said = { silence, sent }
    })
    return undefined
  }

  /** Counts what may have reached it from here. */
  #sent(): number {
    const { gates, served, team } = this.#stage
    return gates.moves + served + (team?.told?.() ?? 0)
  }
}
