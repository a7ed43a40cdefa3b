import type { ServiceEvent } from '../../../mocks/service/watch.ts'
import { AdapterFault, type Team } from '../../contract/runtime.ts'
import { stopKinds } from '../../plan/stop-kinds.ts'
import type { OpenTurn } from '../conversation/turn.ts'
import { RemoteSilence } from './remote-silence.ts'
import { SocketQuiet, type SocketSetup, SocketWait } from './socket.ts'
import type { Wait } from './wait.ts'

/** How long nothing must come of a process that has said that nothing goes on there, in milliseconds. */
const SILENT_MS = 20

/** How often a process that reports nothing is looked at, in milliseconds. */
const LOOK_MS = 5

export interface OtherProcessSetup extends SocketSetup {
  /** Resolves when the next event is recorded. */
  nextRecorded(): Promise<void>
  /** Whether a run of the plan may end before its answer does: then it counts how far its consumer is. */
  mayBreakOff: boolean
}

/** A runtime in another process. Nothing there can be seen from here, so its driver is asked whether it is idle. */
export class OtherProcessQuiet extends SocketQuiet {
  readonly #setup: OtherProcessSetup
  readonly #state: RemoteState = { arriving: 0, served: 0, isPassingOn: false, pulls: [] }
  #team: RemoteTeam | undefined

  constructor(setup: OtherProcessSetup) {
    super(setup)
    this.#setup = setup
  }

  override attach(team: Team): void {
    if (!isRemote(team)) throw new AdapterFault('open(): found no quiet(), which a remote runtime must have')
    this.#team = team
  }

  protected override beginWait(): Wait {
    if (this.#team === undefined) return super.beginWait()
    return new OtherProcessWait(this.#setup, this.bound, this.#state, this.#team)
  }

  override watch(event: ServiceEvent): void {
    super.watch(event)
    this.#state.served++
    this.#state.isPassingOn = isOnlyPassedOn(event) && !this.#setup.mayBreakOff
  }

  /** What another process reported before it sent a request is recorded before the request. */
  override async waitForEarlierReports(): Promise<void> {
    this.#state.arriving++
    await this.#team?.heard?.()
    this.#state.arriving--
  }

  override waitForOtherProcess(): Promise<void> {
    return this.waitUntilIdle()
  }

  override waitForPassedOn(conversation: number | null): Promise<unknown> | undefined {
    if (!this.#state.isPassingOn || conversation === null) return undefined
    this.#state.isPassingOn = false
    return this.settle(conversation)
  }

  /** In another process a run goes on while nobody pulls. What it had begun before the consumer left is recorded first. */
  override waitBeforePull({ plan: { stop }, stop: state }: OpenTurn): Promise<void> | undefined {
    if (stop === undefined || stopKinds[stop.how].by === 'signal') return undefined
    // The consumer counts updates itself: it has asked for no more than it takes.
    if (state !== 'due' && (state !== 'waiting' || 'updates' in stop.after)) return undefined
    return new Promise((go) => this.#state.pulls.push(go))
  }

  override noteGateOpened(): void {
    this.#state.isPassingOn = false
  }

  override get consumerMayAbort(): boolean {
    return false
  }
}

type RemoteTeam = Team & Required<Pick<Team, 'quiet'>>

function isRemote(team: Team): team is RemoteTeam {
  return team.quiet !== undefined
}

interface RemoteState {
  /** Requests that have arrived and are not recorded yet. */
  arriving: number
  /** Counts what the service received, sent and ended. */
  served: number
  /** Whether a runtime only passes on what the service sent last. */
  isPassingOn: boolean
  /** Consumers that wait for the process to be idle before they look whether to leave. */
  readonly pulls: (() => void)[]
}

class OtherProcessWait extends SocketWait {
  readonly #nextRecorded: () => Promise<void>
  readonly #state: RemoteState
  readonly #silence: RemoteSilence

  constructor(setup: OtherProcessSetup, bound: number, state: RemoteState, team: RemoteTeam) {
    super(setup, bound)
    this.#nextRecorded = setup.nextRecorded
    this.#state = state
    this.#silence = new RemoteSilence(team, () => setup.gates.moves + state.served + (team.told?.() ?? 0))
  }

  /** Turning this process's event loop shows nothing of another process, so this waits for a report, an answer or a while. */
  override async turn(): Promise<void> {
    const { question } = this.#silence
    if (question === undefined && !this.idle.arePast) {
      await super.turn()
      return
    }
    await Promise.race([this.#nextRecorded(), ...(question ? [question] : []), waitForLook()])
    this.idle.count()
    // What the process sent by another way before it answered may still be on that way.
    if (question && this.#silence.question !== question) this.restart()
  }

  override isIdle(): boolean {
    return this.idle.areEnough && this.#silence.isSilent(this.still)
  }

  override hasArrived(): boolean {
    if (this.idle.turns < this.setup.turnsToNextRequest || this.#state.arriving > 0) return false
    if (this.setup.sendsSeveral && !this.isIdle()) return false
    // What is only passed on changes nothing but how far its consumer is: it is not waited for.
    return this.#state.isPassingOn || this.#silence.isSilent(this.still)
  }

  override isOver(): boolean {
    if (!this.idle.areEnough) return false
    if (super.isOver()) return true
    return this.#state.arriving === 0 && this.lasts(SILENT_MS) && this.#silence.isOver()
  }

  override letPull(): boolean {
    const go = this.#state.pulls.shift()
    if (go === undefined) return false
    this.restart()
    go()
    return true
  }
}

/** Whether a stream event announces something or carries a piece of it. A runtime acts only on what is done. */
function isOnlyPassedOn(event: ServiceEvent): boolean {
  if (event.type !== 'stream.event' || typeof event.event === 'string') return false
  return /\.(added|delta|created|in_progress)$|(_text|refusal)\.done$/.test(event.event.type)
}

function waitForLook(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}
