import { queueScript, type Script } from '../../../mocks/service/script.ts'
import { leavesRunOpen } from '../../plan/stop-kinds.ts'
import type { AgentSpec, Stop, Turn } from '../../plan/types.ts'
import { createAgentCheck } from './attribution.ts'

/**
 * How far the stop of a turn's plan is. `none`: the plan has no stop. `waiting`: its condition has not come true.
 * `due`: the condition has come true. `done`: the run has been stopped.
 */
export type StopState = 'none' | 'waiting' | 'due' | 'done'

/** One turn of a conversation, with its run. Counts what the condition of the plan's stop is about. */
export class OpenTurn {
  /** The run's id, for example `c0.t1`: conversation 0, turn 1. */
  readonly run: string
  readonly conversation: number
  readonly plan: Turn
  /** The answers that the model still has to give in this turn. */
  readonly script: Script
  /** Shared with the other turns of the conversation, as by a caller with one signal. */
  #abort: AbortController | undefined
  readonly #left = Promise.withResolvers<'dropped'>()
  #updates = 0
  #toolStarts = 0
  /** The run's requests in order, each with the number of stream events sent for it. */
  readonly #eventsSent = new Map<number, number>()
  #stop: StopState

  constructor(
    conversation: number,
    number: number,
    plan: Turn,
    team: readonly AgentSpec[],
    caller: AbortController,
  ) {
    this.#abort = caller
    this.run = `c${conversation}.t${number}`
    this.conversation = conversation
    this.plan = plan
    this.script = queueScript(plan.answers, createAgentCheck(team))
    this.#stop = plan.stop === undefined ? 'none' : 'waiting'
  }

  get stop(): StopState {
    return this.#stop
  }

  /** Whether the plan's stop is still to be carried out. */
  get hasStopToCome(): boolean {
    return this.#stop === 'waiting' || this.#stop === 'due'
  }

  /** Whether the consumer has left the run without closing it. */
  get isDropped(): boolean {
    return this.#stop === 'done' && leavesRunOpen(this.plan.stop)
  }

  /** Fires when the run is aborted. Throws if the consumer has let go of the run. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) throw new Error(`run ${this.run}: its consumer has let go of it`)
    return this.#abort.signal
  }

  /** Resolves when the consumer leaves a pull that does not come back; undefined for a turn that is never dropped. */
  get consumerLeaves(): Promise<'dropped'> | undefined {
    return leavesRunOpen(this.plan.stop) ? this.#left.promise : undefined
  }

  /** A condition of nothing, or of zero updates or tool calls, is true from the start. */
  begin(): void {
    this.#checkStop()
  }

  noteUpdate(): void {
    this.#updates++
    this.#checkStop()
  }

  noteToolStart(): void {
    this.#toolStarts++
    this.#checkStop()
  }

  /** Notes that a request of the turn came (`index` -1), or that stream event `index` was sent for it. */
  noteEventSent(request: number, index: number): void {
    this.#eventsSent.set(request, index + 1)
    this.#checkStop()
  }

  markStopped(): void {
    this.#stop = 'done'
  }

  abortRun(): void {
    this.#abort?.abort()
  }

  /** Lets go of what leads to the run: its abort signal, on which the runtime listens. */
  letGo(): void {
    this.#abort = undefined
  }

  /** Makes the consumer leave the pull in which it waits. */
  leavePull(): void {
    this.#left.resolve('dropped')
  }

  /** A condition that has come true stays true. */
  #checkStop(): void {
    const { stop } = this.plan
    if (stop !== undefined && this.#stop === 'waiting' && this.#hasComeTrue(stop.after)) this.#stop = 'due'
  }

  #hasComeTrue(after: Stop['after']): boolean {
    if ('nothing' in after) return true
    if ('updates' in after) return this.#updates >= after.updates
    if ('toolStarts' in after) return this.#toolStarts >= after.toolStarts
    after satisfies { request: number; events: number }
    const [, sent = -1] = [...this.#eventsSent][after.request] ?? []
    return sent >= after.events
  }
}
