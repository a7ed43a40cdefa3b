import { queueScript } from '../../mocks/service/script.ts'
import { outcomeOf, runOf } from '../contract/adapter-given.ts'
import type { Outcome } from '../contract/run-outcome.ts'
import { AdapterFault, type Run, type RunRequest } from '../contract/runtime.ts'
import { consume, placesOf } from '../observe/consumer.ts'
import type { Telemetry } from '../observe/telemetry.ts'
import { carriesAgent } from './attribution.ts'
import { allQuiet, settle } from './settle.ts'
import type { Line, OpenTurn, Stage } from './stage.ts'
import { consumerStops, quietBeforePull, turnBegun, updateSeen } from './stops.ts'

/** Starts the conversations one after the other, each when the one before stands: so their first requests have an order. */
export async function startAll(stage: Stage, telemetry: Telemetry): Promise<void> {
  for (const conversation of stage.lines.keys()) {
    stage.cause = conversation
    converse(conversation, stage, telemetry).catch((error) => {
      stage.fault ??= error
      stage.gates.end(conversation)
    })
    await settle(conversation, stage)
  }
}

/** Has one conversation, turn by turn, to its end. A run that its consumer drops is its last. */
async function converse(conversation: number, stage: Stage, telemetry: Telemetry): Promise<void> {
  const { history, gates } = stage
  const line = stage.lines[conversation] as Line
  for (const number of line.plan.turns.keys()) {
    const turn = openTurn(line, conversation, number, stage)
    const { say: input, stream } = turn.plan
    history.add({
      kind: 'run.start',
      run: turn.run,
      turn: number,
      input,
      session: line.plan.session,
      stream,
      ...(stage.plan.flow ? { flow: stage.plan.flow } : {}),
    })
    turnBegun(turn)
    const outcome = await runTurn(line, turn, conversation, number, stage, telemetry)
    if (line.givenUp) return
    if (outcome === 'dropped') {
      // Nobody waits for the run any more: it stands still until all others have ended, and so disturbs none of them.
      gates.setAside(conversation)
      return
    }
    history.add({ kind: 'run.end', run: turn.run, outcome })
    if (outcome.status === 'completed' || stage.clock !== undefined) continue
    // Without the clock the service has yet to hear that the client is gone, and would find the next turn too early.
    stage.stopping = true
    if (number < line.plan.turns.length - 1) await allQuiet(stage)
  }
  gates.end(conversation)
}

function openTurn(line: Line, conversation: number, number: number, { plan }: Stage): OpenTurn {
  const turn = line.plan.turns[number] as OpenTurn['plan']
  const open: OpenTurn = {
    run: `c${conversation}.t${number}`,
    plan: turn,
    script: queueScript(turn.answers, carriesAgent(plan.team)),
    abort: new AbortController(),
    dropped: Promise.withResolvers(),
    seen: { updates: 0, toolStarts: 0, requests: new Map() },
    stop: turn.stop === undefined ? 'none' : 'waiting',
  }
  line.turn = open
  return open
}

async function runTurn(
  { plan: { session, store } }: Line,
  turn: OpenTurn,
  conversation: number,
  number: number,
  stage: Stage,
  telemetry: Telemetry,
): Promise<Outcome | 'dropped'> {
  const { say: input, stream, target, pull, stop } = turn.plan
  const { run, abort } = turn
  const consumer = telemetry.consumer()
  const place = placesOf(stage.contexts, consumer?.api, consumer?.span)
  const home = place()
  const request = { run, conversation, turn: number, input, stream, session, store, target }
  const start = () => startOn(stage, { ...request, signal: abort.signal })
  try {
    return await home.within(async () => {
      const started = pull === 'handed-over' ? place().within(start) : start()
      const dropped = stop?.how === 'drop' ? turn.dropped.promise : undefined
      if (stream && pull !== 'final-only') {
        const consumption = {
          run,
          pull,
          home,
          place,
          updated: () => updateSeen(turn),
          ready: () => quietBeforePull(turn, stage),
          stops: () => consumerStops(turn, stage),
          dropped,
        }
        if ((await consume(started, consumption, stage.history)) === 'dropped') return 'dropped'
      } else consumerStops(turn, stage)
      return await settledOutcome(started, turn, pull)
    })
  } finally {
    consumer?.span.end()
  }
}

function startOn({ team }: Stage, request: RunRequest): Run {
  let started: unknown
  try {
    started = (team as NonNullable<typeof team>).start(request)
  } catch (error) {
    throw new AdapterFault(`start() of run ${request.run} threw`, error)
  }
  return runOf(started, request.run)
}

async function settledOutcome(
  started: Run,
  { run, plan, dropped }: OpenTurn,
  pull: string,
): Promise<Outcome | 'dropped'> {
  try {
    const asked = started.outcome()
    const outcome = await (plan.stop?.how === 'drop' ? Promise.race([asked, dropped.promise]) : asked)
    if (outcome === 'dropped') return outcome
    const read = outcomeOf(outcome, run)
    if (pull === 'iterate-then-final') outcomeOf(await started.outcome(), run)
    return read
  } catch (error) {
    if (error instanceof AdapterFault) throw error
    throw new AdapterFault(`outcome() of run ${run} was rejected`, error)
  }
}

/** A conversation of which nothing more came within its bound hangs: its run is told so, and asked to stop. */
export function giveUpHung({ lines, gates, history }: Stage): void {
  for (const [conversation, line] of lines.entries()) {
    if (gates.standingOf(conversation) === 'ended' || line.turn === undefined) continue
    line.givenUp = true
    history.add({ kind: 'run.end', run: line.turn.run, outcome: { status: 'hung', text: '' } })
    line.turn.abort.abort()
    gates.end(conversation)
    gates.release(conversation)
  }
}
