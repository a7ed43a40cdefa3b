import type { ServiceEvent } from '../../../mocks/service/watch.ts'
import type { InFlight } from '../../observe/in-flight.ts'
import type { Gates, Standing } from '../schedule/gates.ts'
import { Quiet } from './quiet.ts'
import { IdleTurns, type Wait, waitForNextTurn } from './wait.ts'

/** How long a conversation may take to come to its next gate, in real milliseconds. */
const BOUND = 5_000

/** How long nothing must happen before a process in real time counts as idle, in milliseconds. */
const IDLE_MS = 25

/** The same, where a turn may send several requests at once and its client does not report them. */
const SEVERAL_MS = 8

/** Turns of the event loop after which a client that has its answer has sent its next request. */
const SEVERAL_TURNS = 4

/** The longest wait for a request that only one of client and service knows of, in milliseconds. */
const FLIGHT_MS = 250

export interface SocketSetup {
  gates: Gates
  /** Counts what has been recorded. */
  recorded: () => number
  flight: InFlight
  turnsToNextRequest: number
  /** Whether a turn may send several requests at once. */
  sendsSeveral: boolean
  patience: number
}

/** A runtime in this process that reaches the service over a socket: time is real, and silence proves little. */
export class SocketQuiet extends Quiet {
  protected readonly setup: SocketSetup
  #hasUnheardStop = false

  constructor(setup: SocketSetup) {
    super(setup.gates, BOUND * setup.patience)
    this.setup = setup
  }

  override get isTimeReal(): boolean {
    return true
  }

  protected beginWait(): Wait {
    return new SocketWait(this.setup, this.bound)
  }

  override settleAgain(conversation: number): Promise<Standing> {
    return this.settleUntil(conversation, (wait) => wait.isIdle())
  }

  override watch(event: ServiceEvent): void {
    this.setup.flight.watch(event)
  }

  override noteStop(): void {
    this.#hasUnheardStop = true
  }

  override waitForStopsToBeHeard(): Promise<void> | undefined {
    if (!this.#hasUnheardStop) return undefined
    this.#hasUnheardStop = false
    return this.waitUntilIdle()
  }

  override waitForSocket(): Promise<void> {
    return this.waitUntilIdle()
  }
}

/** A wait in real time. */
export class SocketWait implements Wait {
  protected readonly setup: SocketSetup
  protected readonly idle: IdleTurns
  readonly #bound: number
  readonly #begun = performance.now()
  #since = this.#begun

  constructor(setup: SocketSetup, bound: number) {
    this.setup = setup
    this.#bound = bound
    const { gates, recorded, flight } = setup
    this.idle = new IdleTurns(
      () => gates.moves + recorded() + flight.moves,
      () => this.restart(),
    )
  }

  async turn(): Promise<void> {
    await waitForNextTurn()
    this.idle.count()
  }

  isIdle(): boolean {
    // If client and service disagree about what is open, one of them has yet to hear of it.
    return this.idle.areEnough && this.lasts(this.setup.flight.any ? FLIGHT_MS : IDLE_MS)
  }

  hasArrived(): boolean {
    return this.idle.turns >= this.setup.turnsToNextRequest && (!this.setup.sendsSeveral || this.#hasLanded())
  }

  isOver(): boolean {
    return this.idle.areEnough && performance.now() - this.#begun >= this.#bound
  }

  letPull(): boolean {
    return false
  }

  /** Whether nothing has happened for so many milliseconds. */
  protected lasts(milliseconds: number): boolean {
    return this.still >= milliseconds
  }

  /** Milliseconds since anything happened. */
  protected get still(): number {
    return performance.now() - this.#since
  }

  protected restart(): void {
    this.idle.restart()
    this.#since = performance.now()
  }

  /** Whether all requests that the client sent at once have arrived. */
  #hasLanded(): boolean {
    const { any } = this.setup.flight
    if (any === undefined) return this.lasts(SEVERAL_MS)
    return (!any && this.idle.turns >= SEVERAL_TURNS) || this.lasts(FLIGHT_MS)
  }
}
