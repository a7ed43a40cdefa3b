import {
  describeTransport,
  openTransport,
  type Transport,
  type TransportName,
} from '../../mocks/transports.ts'
import type { History, HistoryEvent } from '../contract/events.ts'
import type { Runtime, Team } from '../contract/runtime.ts'
import { startHistory } from '../history/recorder.ts'
import { watchContexts } from '../observe/contexts.ts'
import type { TrafficWatch } from '../observe/egress/outside.ts'
import { watchGrowth } from '../observe/growth.ts'
import { watchLeftOpen } from '../observe/left-open.ts'
import { watchNoise } from '../observe/noise.ts'
import { type Registrations, recordAndBreakRegistrations } from '../observe/registrations.ts'
import { openTelemetry } from '../observe/telemetry.ts'
import type { Plan } from '../plan/types.ts'
import { openConversations } from './conversation/conversation.ts'
import type { ConverseParts } from './conversation/converse.ts'
import { openTeam } from './open-and-close.ts'
import { openQuiet } from './quiet/open-quiet.ts'
import { comeToRest, type RestParts, releaseAndClose } from './rest.ts'
import { beginAll, giveUpHung } from './schedule/begin-and-end.ts'
import { deliver, type Pace } from './schedule/deliver.ts'
import { openGates } from './schedule/gates.ts'
import { WhoseTurn } from './schedule/whose-turn.ts'
import { holdProcess } from './world/hold-process.ts'
import { Misuse } from './world/misuse.ts'
import { openService } from './world/service.ts'
import { buildWorld } from './world/world.ts'

export interface ExecuteSetup {
  transport: TransportName
  /** Wraps the fetch function behind the transport, to watch what goes over the wire. Under `fetch` and `http` only. */
  tap?: (history: () => History) => (real: typeof fetch) => typeof fetch
  /**
   * The factor by which the time limit of a run is multiplied. Default 1. A plan that seems to hang over http runs
   * again with a larger one.
   */
  patience?: number
  /** Watches what this process, and what it starts, sends to other machines. Absent: only this process is watched. */
  outside?: TrafficWatch
  /** Called now and then while the plan's own steps are carried out, so that a long plan is not taken for a hang. */
  sign?: () => void
  /** Called before each gate is opened. Resolves when the gate may be opened. Absent: gates are opened without a delay. */
  delay?: () => Promise<void>
}

/**
 * Runs one plan on one runtime in the plan's own order of events, and returns all that happened. Throws an `AdapterFault`
 * if the adapter breaks its contract. One at a time in a process: the clock, the random numbers and the process's own
 * streams are held while a plan runs.
 */
export async function execute(runtime: Runtime, plan: Plan, setup: ExecuteSetup): Promise<History> {
  const { transport: name, patience = 1, sign = () => {}, delay, outside } = setup
  const { time, turnsToNextRequest, interceptsProcess, speaks } = describeTransport(name)
  const history = startHistory()
  const noise = watchNoise(history.add, interceptsProcess, outside)
  const leftOpen = watchLeftOpen(interceptsProcess)
  const held = holdProcess(plan.seed, time)
  const contexts = watchContexts()
  const gates = openGates(plan.conversations.length)
  const { clock } = held
  const isRemote = runtime.remote === true
  const { quiet, release } = openQuiet({
    plan,
    gates,
    history,
    clock,
    turnsToNextRequest,
    patience,
    isRemote,
  })
  const whoseTurn = new WhoseTurn()
  const { start, sabotage } = plan.mode
  history.add({ kind: 'mode', to: start, ...(sabotage ? { sabotage } : {}) })
  const known = describeRuntime(runtime, isRemote, speaks)
  if (Object.keys(known).length > 0) history.add({ kind: 'runtime', ...known })
  const recordEgress = (destinations: readonly string[]) => {
    for (const message of destinations) history.add({ kind: 'noise', what: 'egress', message })
  }
  if (outside) recordEgress([...outside.atLoad, ...outside.take()])
  const growth = watchGrowth(plan, !interceptsProcess && !isRemote)
  const telemetry = openTelemetry(history.add, () => whoseTurn.conversation, sabotage, growth.noteSpan)
  const registrations = recordAndBreakRegistrations(history.add, plan)
  const conversations = openConversations(plan, gates)
  const shared = { plan, history, gates, conversations, whoseTurn, quiet, misuse: new Misuse() }
  const parts = { ...shared, contexts, telemetry, leftOpen, growth, clock }
  let team: Team | undefined
  let timers = 0
  try {
    const service = openService(parts, clock)
    const transport = await openTransport(name, service.handlers, {
      ...(speaks === 'websocket' ? { openSocket: service.connect } : {}),
      onUnknown: ({ method, url }) => recordEgress([`${method} ${url}`]),
      arrival: async () => quiet.waitForEarlierReports(),
      ...(setup.tap ? { tap: setup.tap(() => history.events) } : {}),
    })
    try {
      team = await runPlan(runtime, parts, transport, registrations, { sign, delay })
      registrations.close()
      timers = clock?.timers() ?? 0
      history.endPlan()
      // Late callbacks come by timers, which ring only under the harness's clock.
      if (clock) await quiet.waitUntilRest()
    } finally {
      await telemetry.close()
      await transport.close()
    }
    await quiet.waitUntilIdle()
    // MSW's interception itself keeps what asked for a response that was cut.
    if (!interceptsProcess && !isRemote) {
      // The reason of a stop, too, knows who was called when it was made.
      for (const conversation of conversations) conversation.forgetTurns()
      if (team) await registrations.collect(team)
    }
    for (const event of leftOpen.findLeft(timers)) history.add(event)
    if (outside) recordEgress(outside.take())
  } catch (error) {
    // A runtime that wanted to end the process is judged by that alone: the rest came of our refusal.
    const exits = history.events.filter((event) => event.kind === 'noise' && event.what === 'exit')
    if (exits.length === 0) throw error
    return exits
  } finally {
    history.close()
    held.release()
    release()
    contexts.release()
    noise.release()
  }
  return history.events
}

/** Takes the opened plan through all its phases. Returns the team, which is closed. */
async function runPlan(
  runtime: Runtime,
  parts: ConverseParts & RestParts,
  transport: Transport,
  registrations: Registrations,
  pace: Pace,
): Promise<Team> {
  const { quiet, telemetry, leftOpen, growth, clock } = parts
  const { fetch } = transport
  const watched = fetch ? { ...transport, fetch: growth.watchResponses(fetch) } : transport
  const team = await openTeam(runtime, buildWorld(parts, watched, telemetry, registrations), quiet)
  leftOpen.noteOpened(clock?.timers() ?? 0)
  const begun = await beginAll(parts, team)
  await deliver(parts, team, pace)
  giveUpHung(parts)
  if (begun.fault !== undefined) throw begun.fault
  await comeToRest(parts)
  await releaseAndClose(team, parts)
  if (parts.misuse.first !== undefined) throw parts.misuse.first
  return team
}

/** Returns what the runtime says of itself that a history needs. */
function describeRuntime(
  { hooks, retries, supports }: Runtime,
  isRemote: boolean,
  speaks: 'http' | 'websocket',
): Omit<Extract<HistoryEvent, { kind: 'runtime' }>, 'kind' | 'step'> {
  const declared = Object.values(hooks)
  const caught = [...new Set(declared.flatMap(({ means, caught }) => (caught ? [means] : [])))]
  return {
    // What clients say of their retries, they say of HTTP.
    ...(retries === undefined || speaks === 'websocket' ? {} : { retries: retries.most }),
    ...(isRemote ? { remote: true } : {}),
    ...(caught.length > 0 ? { caught } : {}),
    ...(supports.has('step-hooks') ? { stepHooks: true } : {}),
    ...(declared.some(({ afterIncomplete }) => afterIncomplete) ? { afterIncomplete: true } : {}),
  }
}
