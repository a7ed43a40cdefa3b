/** Turns of the event loop in which nothing happens, after which nothing more will happen in this process by itself. */
const IDLE_TURNS = 12

/** Rounds of microtasks, since a runtime may itself go on by `process.nextTick`. */
const ROUNDS = 3

/** One wait until a process has nothing left to do. Each kind of process has its own: see the classes beside this file. */
export interface Wait {
  /** Lets the event loop turn once, then notes whether anything happened. */
  turn(): Promise<void>
  /** Whether nothing happens any more. */
  isIdle(): boolean
  /** Whether nothing of a conversation that waits at a gate is still on its way. */
  hasArrived(): boolean
  /** Whether nothing more will come within the bound. May let the next timer ring, and then returns false. */
  isOver(): boolean
  /** Lets the consumer go on that has waited longest for the process to be idle. Returns whether there was one. */
  letPull(): boolean
}

/** Counts the turns of the event loop in which nothing happened: `moves` did not change. */
export class IdleTurns {
  readonly #moves: () => number
  readonly #onMove: () => void
  #seen: number
  #turns = 0

  constructor(moves: () => number, onMove: () => void = () => {}) {
    this.#moves = moves
    this.#onMove = onMove
    this.#seen = moves()
  }

  get turns(): number {
    return this.#turns
  }

  get areEnough(): boolean {
    return this.#turns >= IDLE_TURNS
  }

  /** Whether more turns have passed than are enough. */
  get arePast(): boolean {
    return this.#turns > IDLE_TURNS
  }

  /** Call after each turn of the event loop. */
  count(): void {
    const moves = this.#moves()
    if (moves === this.#seen) {
      this.#turns++
      return
    }
    this.#seen = moves
    this.restart()
    this.#onMove()
  }

  restart(): void {
    this.#turns = 0
  }
}

export function waitForNextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/**
 * Resolves when no microtask is left, also none of those that run in between. Takes a tenth of a turn of the event loop:
 * Node calls what `process.nextTick` was given once the microtasks have run.
 */
export async function waitForMicrotasks(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await new Promise<void>((resolve) => process.nextTick(resolve))
}
