import { checkOutcome, checkRun } from '../../contract/adapter-given.ts'
import type { Outcome } from '../../contract/run-outcome.ts'
import { AdapterFault, type Run, type RunRequest, type Team } from '../../contract/runtime.ts'
import { createPlaces, readUpdates } from '../../observe/consumer.ts'
import type { Contexts } from '../../observe/contexts.ts'
import { collectYoungGarbage } from '../../observe/garbage.ts'
import type { GrowthWatch } from '../../observe/growth.ts'
import type { Telemetry } from '../../observe/telemetry.ts'
import type { Parts } from '../parts.ts'
import { stopAgain, stopBeforeStart, stopConsumer } from '../schedule/stops.ts'
import type { Conversation } from './conversation.ts'
import type { OpenTurn } from './turn.ts'

/** What the consumer of a run needs beside the parts of the execution. */
export interface ConverseParts extends Parts {
  readonly contexts: Contexts
  readonly telemetry: Telemetry
  readonly growth: GrowthWatch
}

/** Runs one conversation, turn by turn, to its end. If the consumer drops a run, that run is the last. */
export async function runConversation(
  conversation: Conversation,
  parts: ConverseParts,
  team: Team,
): Promise<void> {
  const { plan, history, quiet, gates } = parts
  const { session, turns } = conversation.plan
  for (const number of turns.keys()) {
    // With one conversation there is only one order.
    if (plan.conversations.length > 1) await gates.arrive(conversation.number, `turn ${number}`)
    if (conversation.isGivenUp) return
    const turn = conversation.beginTurn(number, plan.team)
    const { say: input, stream, adds, cleanups } = turn.plan
    history.add({
      kind: 'run.start',
      run: turn.run,
      turn: number,
      input,
      session,
      stream,
      ...(plan.flow ? { flow: plan.flow } : {}),
      ...(adds === undefined ? {} : { adds }),
      ...(cleanups === undefined ? {} : { cleanups }),
    })
    turn.begin()
    const outcome = await runTurn(conversation, turn, number, parts, team)
    if (conversation.isGivenUp) return
    if (outcome === 'dropped') {
      conversation.setAside()
      turn.letGo()
      await collectYoungGarbage()
      return
    }
    history.add({ kind: 'run.end', run: turn.run, outcome })
    conversation.endRun(turn.run)
    if (outcome.status === 'completed') continue
    // Over a socket the service has yet to hear that the client is gone, and would see the next turn too early.
    quiet.noteStop()
    const heard = number < turns.length - 1 ? quiet.waitForSocket() : undefined
    if (heard) await heard
  }
  conversation.end()
}

async function runTurn(
  conversation: Conversation,
  turn: OpenTurn,
  number: number,
  parts: ConverseParts,
  team: Team,
): Promise<Outcome | 'dropped'> {
  const { history, quiet, contexts, telemetry, growth } = parts
  const { session, store } = conversation.plan
  const { say: input, stream, target, pull, limit, adds, cleanups } = turn.plan
  const { run, signal } = turn
  const consumer = telemetry.consumer()
  const place = createPlaces(contexts, consumer?.api, consumer?.span)
  const home = place()
  const request = {
    run,
    conversation: conversation.number,
    turn: number,
    input,
    stream,
    session,
    store,
    target,
    ...(limit === undefined ? {} : { limit }),
    ...(adds === undefined ? {} : { adds }),
    ...(cleanups === undefined ? {} : { cleanups }),
  }
  growth.noteSignal(signal)
  const start = () => {
    const started = startRun(team, { ...request, signal })
    growth.noteRun(started)
    return started
  }
  stopBeforeStart(turn, parts)
  try {
    return await home.within(async () => {
      const started = pull === 'handed-over' ? place().within(start) : start()
      if (stream && pull !== 'final-only') {
        const consumption = {
          run,
          pull,
          home,
          place,
          updated: () => turn.noteUpdate(),
          ready: () => quiet.waitBeforePull(turn),
          stops: () => stopConsumer(turn, parts),
          stopsAgain: () => stopAgain(turn, parts),
          dropped: turn.consumerLeaves,
        }
        if ((await readUpdates(started, consumption, history)) === 'dropped') return 'dropped'
      } else stopConsumer(turn, parts)
      return await waitForOutcome(started, turn, pull)
    })
  } finally {
    consumer?.span.end()
  }
}

function startRun(team: Team, request: RunRequest): Run {
  let started: unknown
  try {
    started = team.start(request)
  } catch (error) {
    throw new AdapterFault(`start() of run ${request.run} threw`, error)
  }
  return checkRun(started, request.run)
}

async function waitForOutcome(
  started: Run,
  { run, consumerLeaves }: OpenTurn,
  pull: string,
): Promise<Outcome | 'dropped'> {
  try {
    const asked = started.outcome()
    const outcome = await (consumerLeaves === undefined ? asked : Promise.race([asked, consumerLeaves]))
    if (outcome === 'dropped') return outcome
    const read = checkOutcome(outcome, run)
    if (pull === 'iterate-then-final') checkOutcome(await started.outcome(), run)
    return read
  } catch (error) {
    if (error instanceof AdapterFault) throw error
    throw new AdapterFault(`outcome() of run ${run} was rejected`, error)
  }
}
