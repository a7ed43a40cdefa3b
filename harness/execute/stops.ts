import type { Line, OpenTurn, Stage } from './stage.ts'

/** Whether a plan's stop has come true; once it has, it stays so. */
function look(turn: OpenTurn): void {
  const { stop } = turn.plan
  if (stop === undefined || turn.stop !== 'waiting') return
  if (comesTrue(turn, stop.after)) turn.stop = 'due'
}

function comesTrue({ seen }: OpenTurn, after: NonNullable<OpenTurn['plan']['stop']>['after']): boolean {
  if ('updates' in after) return seen.updates >= after.updates
  if ('toolStarts' in after) return seen.toolStarts >= after.toolStarts
  const [, sent = -1] = [...seen.requests][after.request] ?? []
  return sent >= after.events
}

export function turnBegun(turn: OpenTurn): void {
  look(turn)
}

export function updateSeen(turn: OpenTurn): void {
  turn.seen.updates++
  look(turn)
}

export function toolStarted({ turn }: Line, run: string): void {
  if (turn?.run !== run) return
  turn.seen.toolStarts++
  look(turn)
}

/** A request of the turn came (`index` -1), or stream event `index` was sent for it. */
export function eventSent({ turn }: Line, request: number, index: number): void {
  if (turn === undefined) return
  turn.seen.requests.set(request, index + 1)
  look(turn)
}

/**
 * What the consumer waits for before it looks whether to leave, undefined where it need not: for quiet in another process. There
 * a run goes on by itself while nobody pulls, and what it had begun when it is left would seem to come after.
 */
export function quietBeforePull(
  { plan: { stop }, stop: state }: OpenTurn,
  stage: Stage,
): Promise<void> | undefined {
  if (!stage.team?.quiet || stop === undefined || stop.how === 'abort') return undefined
  // Updates are counted by the consumer itself, which has asked for no more than it takes.
  if (state !== 'due' && (state !== 'waiting' || 'updates' in stop.after)) return undefined
  return new Promise((go) => stage.pulls.push(go))
}

/** How the consumer is to stop before its next pull: what waits for updates alone, it does itself. */
export function consumerStops(turn: OpenTurn, stage: Stage): 'return' | 'drop' | undefined {
  const { stop } = turn.plan
  if (stop === undefined || turn.stop !== 'due') return undefined
  if (stop.how === 'abort') {
    // What another process has begun by then would seem to come after: there it is done when all is quiet.
    if ('updates' in stop.after && !stage.team?.quiet) abort(turn, stage)
    return undefined
  }
  done(turn, stage)
  return stop.how
}

/**
 * Carries out what no consumer can while it waits: an abort whose condition has come true and, where the harness itself
 * holds the conversation, any stop that is left. Tells whether it did.
 */
export function carryOut(conversation: number, stage: Stage): boolean {
  const turn = stage.lines[conversation]?.turn
  const stop = turn?.plan.stop
  if (turn === undefined || stop === undefined || turn.stop === 'done' || turn.stop === 'none') return false
  const held = stage.gates.standingOf(conversation) === 'held'
  if (stop.how === 'abort' && (turn.stop === 'due' || held)) {
    abort(turn, stage)
    return true
  }
  if (stop.how === 'drop' && held) {
    done(turn, stage)
    turn.dropped.resolve('dropped')
    return true
  }
  return false
}

function abort(turn: OpenTurn, stage: Stage): void {
  done(turn, stage)
  turn.abort.abort()
}

function done(turn: OpenTurn, stage: Stage): void {
  turn.stop = 'done'
  stage.stopping = true
  const { stop } = turn.plan
  if (stop) stage.history.add({ kind: 'stop', run: turn.run, how: stop.how })
}
