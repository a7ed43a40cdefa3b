import type { Gates } from '../schedule/gates.ts'
import type { Clock } from '../world/clock.ts'
import { Quiet } from './quiet.ts'
import { IdleTurns, type Wait, waitForMicrotasks, waitForNextTurn } from './wait.ts'

/** How long a conversation may take to come to its next gate, in virtual milliseconds. */
const BOUND = 60_000

export interface HeldClockSetup {
  gates: Gates
  clock: Clock
  /** Counts what has been recorded. */
  recorded: () => number
  /** Turns of the event loop until what a gate let through has reached its conversation's next gate. */
  turnsToNextRequest: number
  patience: number
}

/** A runtime in this process under the harness's clock: it is idle once the event loop turns and nothing happens. */
export class HeldClockQuiet extends Quiet {
  readonly #setup: HeldClockSetup

  constructor(setup: HeldClockSetup) {
    super(setup.gates, BOUND * setup.patience)
    this.#setup = setup
  }

  /** Lets every timer ring that is set for a time within the bound. */
  override async waitUntilRest(): Promise<void> {
    const wait = this.beginWait()
    do await wait.turn()
    while (!wait.isOver())
  }

  protected beginWait(): Wait {
    return new HeldClockWait(this.#setup, this.bound)
  }
}

class HeldClockWait implements Wait {
  readonly #clock: Clock
  readonly #turnsToNextRequest: number
  readonly #end: number
  readonly #idle: IdleTurns
  /** Whether the conversation may stand at its next gate before the event loop turns, because microtasks brought it there. */
  #looksFirst: boolean

  constructor({ gates, clock, recorded, turnsToNextRequest }: HeldClockSetup, bound: number) {
    this.#clock = clock
    this.#turnsToNextRequest = turnsToNextRequest
    this.#looksFirst = turnsToNextRequest === 0
    this.#end = clock.now() + bound
    this.#idle = new IdleTurns(() => gates.moves + recorded())
  }

  async turn(): Promise<void> {
    if (this.#looksFirst) {
      this.#looksFirst = false
      await waitForMicrotasks()
      return
    }
    await waitForNextTurn()
    this.#idle.count()
  }

  isIdle(): boolean {
    return this.#idle.areEnough
  }

  hasArrived(): boolean {
    return this.#idle.turns >= this.#turnsToNextRequest
  }

  isOver(): boolean {
    if (!this.#idle.areEnough) return false
    const left = this.#end - this.#clock.now()
    if (left <= 0 || !this.#clock.advance(left)) return true
    this.#idle.restart()
    return false
  }

  letPull(): boolean {
    return false
  }
}
