import type { ServiceEvent } from '../../../mocks/service/watch.ts'
import type { Team } from '../../contract/runtime.ts'
import type { OpenTurn } from '../conversation/turn.ts'
import type { Gates, Standing } from '../schedule/gates.ts'
import type { Wait } from './wait.ts'

/**
 * How the harness finds out that a runtime has nothing left to do, and what it has to wait for meanwhile. One subclass for
 * each kind of process. The methods that answer undefined by default are for what only some kinds have to wait for.
 */
export abstract class Quiet {
  /** How long a conversation may take to come to its next gate, in milliseconds of its clock. */
  readonly bound: number
  protected readonly gates: Gates

  constructor(gates: Gates, bound: number) {
    this.gates = gates
    this.bound = bound
  }

  /** Whether the clock is not the harness's, so that each wait takes its time. */
  get isTimeReal(): boolean {
    return false
  }

  protected abstract beginWait(): Wait

  /** Waits until a conversation stands at a gate, is held or has ended, or until nothing more comes of it. */
  settle(conversation: number): Promise<Standing> {
    return this.settleUntil(conversation, (wait) => wait.isOver())
  }

  /**
   * Waits again for a conversation that has come to no gate, while others can go on. Where time is real this does not wait for the
   * bound, because only what the others do can bring the conversation to a gate.
   */
  settleAgain(conversation: number): Promise<Standing> {
    return this.settle(conversation)
  }

  /** Waits until a conversation stands at a gate, is held or has ended, or until `isOver` while it stands nowhere. */
  protected async settleUntil(conversation: number, isOver: (wait: Wait) => boolean): Promise<Standing> {
    const wait = this.beginWait()
    for (;;) {
      await wait.turn()
      const standing = this.gates.standingOf(conversation)
      const mayArrive = standing === 'at-gate' && this.gates.hasOnlyOutliving(conversation)
      if (letPullOrSettle(standing, wait, isOver, mayArrive)) return standing
    }
  }

  /** Waits for a promise of the runtime's own, which may need timers to ring. Returns false if the bound passed first. */
  async settlesInTime(work: Promise<unknown>): Promise<boolean> {
    let settled = false
    const note = () => {
      settled = true
    }
    work.then(note, note)
    const wait = this.beginWait()
    for (;;) {
      await wait.turn()
      if (settled) return true
      if (wait.isOver()) return false
    }
  }

  /** Waits until nothing happens any more. Does not move the clock, so timers do not ring. */
  async waitUntilIdle(): Promise<void> {
    const wait = this.beginWait()
    do await wait.turn()
    while (!wait.isIdle() || wait.letPull())
  }

  /** Waits until nothing happens any more, timers included where the clock is the harness's. */
  waitUntilRest(): Promise<void> {
    return this.waitUntilIdle()
  }

  /** Called with all that the service sees and sends. */
  watch(_event: ServiceEvent): void {}

  /** Called when the runtime has opened its team. */
  attach(_team: Team): void {}

  /** Resolves when a request that has arrived may be handled; undefined when it may be at once. */
  waitForEarlierReports(): Promise<void> | undefined {
    return undefined
  }

  /** Notes that a run was stopped or failed: the service may not have heard of it yet. */
  noteStop(): void {}

  /** Resolves when the service has heard of every stop; undefined when it has. */
  waitForStopsToBeHeard(): Promise<void> | undefined {
    return undefined
  }

  /** Resolves when client and service have heard all of each other; undefined where no socket lies between them. */
  waitForSocket(): Promise<void> | undefined {
    return undefined
  }

  /** Resolves when another process is idle; undefined for a runtime in this process, which needs no wait. */
  waitForOtherProcess(): Promise<void> | undefined {
    return undefined
  }

  /** Resolves when what was sent to a conversation has got there; undefined when it has. */
  waitForPassedOn(_conversation: number | null): Promise<unknown> | undefined {
    return undefined
  }

  /** Resolves when a consumer may look whether to leave its stream; undefined when it may at once. */
  waitBeforePull(_turn: OpenTurn): Promise<void> | undefined {
    return undefined
  }

  /** Called when a gate is opened. */
  noteGateOpened(): void {}

  /** Whether a consumer may abort its run between two pulls, instead of waiting until the process is idle. */
  get consumerMayAbort(): boolean {
    return true
  }
}

/**
 * Returns whether a conversation has settled. If a consumer waits for that, lets it pull instead and returns false. `mayArrive`: what
 * waits at the gate says nothing about what the conversation does now.
 */
function letPullOrSettle(
  standing: Standing,
  wait: Wait,
  isOver: (wait: Wait) => boolean,
  mayArrive: boolean,
): boolean {
  switch (standing) {
    case 'at-gate':
    case 'ended':
      return (mayArrive ? wait.isIdle() : wait.hasArrived()) && !wait.letPull()
    case 'held':
      return wait.isIdle() && !wait.letPull()
    case 'running':
      return !(wait.isIdle() && wait.letPull()) && isOver(wait)
    default:
      return standing satisfies never
  }
}
