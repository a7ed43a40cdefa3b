import { stopKinds } from '../../plan/stop-kinds.ts'
import type { Stop } from '../../plan/types.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { OpenTurn } from '../conversation/turn.ts'
import type { Parts } from '../parts.ts'

type StopParts = Pick<Parts, 'history' | 'quiet' | 'gates'>

/** How each kind of stop is carried out: by the consumer between two pulls, or by the harness while the consumer waits. */
const STOPS: Record<
  Stop['how'],
  {
    /** What the consumer does when the stop is due: it leaves its stream, or it stays. */
    consumer: 'return' | 'drop' | 'stays'
    /** The kind that the harness carries out in place of this one when the consumer waits in a pull during a stall. */
    insteadWhileHeld?: Stop['how']
    /** What the harness does while the consumer waits. */
    carryOut: (turn: OpenTurn) => void
  }
> = {
  abort: { consumer: 'stays', carryOut: (turn) => turn.abortRun() },
  drop: { consumer: 'drop', carryOut: (turn) => turn.leavePull() },
  // A consumer cannot leave a pull that does not come back, so it aborts the run instead.
  return: { consumer: 'return', insteadWhileHeld: 'abort', carryOut: (turn) => turn.abortRun() },
}

/** Carries out a stop for which nothing needs to happen: its signal has fired before the run starts. */
export function stopBeforeStart(turn: OpenTurn, parts: StopParts): void {
  const { stop } = turn.plan
  if (stop === undefined || !('nothing' in stop.after)) return
  recordStop(turn, parts)
  STOPS[stop.how].carryOut(turn)
}

/**
 * Stops a run once more in the other way, if the plan says so. Returns whether the consumer is to return from the stream, because
 * the first stop was an abort.
 */
export function stopAgain(turn: OpenTurn, { history }: StopParts): boolean {
  const { stop } = turn.plan
  if (stop?.again === undefined || turn.stop !== 'done') return false
  const returns = stop.how === 'abort'
  history.add({ kind: 'stop', run: turn.run, how: returns ? 'return' : 'abort' })
  if (!returns) turn.abortRun()
  return returns
}

/** Returns how the consumer is to leave its stream before the next pull; undefined when it stays. */
export function stopConsumer(turn: OpenTurn, parts: StopParts): 'return' | 'drop' | undefined {
  const { stop } = turn.plan
  if (stop === undefined || turn.stop !== 'due') return undefined
  const { consumer, carryOut } = STOPS[stop.how]
  if (consumer === 'stays') {
    // Updates are counted by the consumer, so it aborts at once. Other conditions come true while it waits.
    if (!('updates' in stop.after) || !parts.quiet.consumerMayAbort) return undefined
    recordStop(turn, parts)
    carryOut(turn)
    return undefined
  }
  recordStop(turn, parts)
  return consumer
}

/** Carries out a stop that the consumer cannot while it waits. Returns whether there was one. */
export function carryOutStop({ turn, standing }: Conversation, parts: StopParts): boolean {
  const { stop } = turn?.plan ?? {}
  if (turn === undefined || stop === undefined || !turn.hasStopToCome) return false
  const { by } = stopKinds[stop.how]
  const isTime = (by === 'signal' && turn.stop === 'due') || standing === 'held'
  if (!isTime) return false
  const { insteadWhileHeld, carryOut } = STOPS[stop.how]
  recordStop(turn, parts, insteadWhileHeld)
  carryOut(turn)
  return true
}

/** Records the stop of the turn's plan, or the kind `how` in its place. */
function recordStop(turn: OpenTurn, { history, quiet, gates }: StopParts, how = turn.plan.stop?.how): void {
  turn.markStopped()
  quiet.noteStop()
  if (how === undefined) return
  history.add({ kind: 'stop', run: turn.run, how })
  if (stopKinds[how].isHeard) gates.endRun(turn.conversation, turn.run)
}
