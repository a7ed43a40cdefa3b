import { createService } from '../../mocks/service/service.ts'
import type { ServiceEvent } from '../../mocks/service/watch.ts'
import { openTransport, type Transport, type TransportName } from '../../mocks/transports.ts'
import { teamOf } from '../contract/adapter-given.ts'
import { errorShape } from '../contract/error-shape.ts'
import type { History } from '../contract/events.ts'
import { AdapterFault, type RemoteWorld, type Runtime, type Team, type World } from '../contract/runtime.ts'
import { startHistory } from '../history/recorder.ts'
import { watchContexts } from '../observe/contexts.ts'
import type { Outside } from '../observe/egress/outside.ts'
import { hookDesk } from '../observe/hooks.ts'
import { watchInFlight } from '../observe/in-flight.ts'
import { watchLeftOpen } from '../observe/left-open.ts'
import { hearNoise } from '../observe/noise.ts'
import { type Registrations, watchRegistrations } from '../observe/registrations.ts'
import { openTelemetry, type Telemetry } from '../observe/telemetry.ts'
import type { Plan } from '../plan/types.ts'
import { EPOCH, holdClock } from './clock.ts'
import { giveUpHung, startAll } from './converse.ts'
import { deliver } from './deliver.ts'
import { holdEnvironment } from './environment.ts'
import { holdRandom } from './random.ts'
import { requestsOf } from './requests.ts'
import { allQuiet, within } from './settle.ts'
import { openStage, type Stage } from './stage.ts'
import { toolsOf } from './tools.ts'

export interface ExecuteSetup {
  transport: TransportName
  /** Watches what goes over the wire; under `fetch` and `http` only. */
  tap?: (history: () => History) => (real: typeof fetch) => typeof fetch
  /** How many times the usual bound a run may take: a breach over http is run again with more. Default 1. */
  patience?: number
  /** Watches what this process, and what it starts, sends to other machines. Absent: only this process is watched. */
  outside?: Outside
  /** Called now and then while the plan's own steps are carried out: a long plan is not a runtime that hangs. */
  sign?: () => void
}

/**
 * Runs one plan on one runtime, every gate opened in the plan's own order, and tells all that happened. Throws an
 * `AdapterFault` where the adapter itself does what its contract forbids. One at a time in a process: the clock, the
 * random numbers and the process's own streams are held while a plan runs.
 */
export async function execute(runtime: Runtime, plan: Plan, setup: ExecuteSetup): Promise<History> {
  const { transport: name, patience = 1, sign = () => {} } = setup
  const history = startHistory()
  const intercepted = name === 'intercept'
  const noise = hearNoise(history.add, intercepted, setup.outside)
  const left = watchLeftOpen(intercepted)
  const random = holdRandom(plan.seed)
  const environment = holdEnvironment()
  // Over http time is real, for silence there proves nothing.
  const clock = name === 'http' ? undefined : holdClock()
  const flight = name === 'http' ? watchInFlight() : undefined
  const contexts = watchContexts()
  const stage = openStage(plan, name, history, clock, flight, contexts, patience)
  const { start, sabotage } = plan.mode
  history.add({ kind: 'mode', to: start, ...(sabotage ? { sabotage } : {}) })
  const reached = (destinations: readonly string[]) => {
    for (const message of destinations) history.add({ kind: 'noise', what: 'egress', message })
  }
  if (setup.outside) reached([...setup.outside.atLoad, ...setup.outside.take()])
  const telemetry = openTelemetry(history.add, () => stage.cause, sabotage)
  const registrations = watchRegistrations(history.add, plan)
  try {
    const transport = await openTransport(name, serviceOf(stage).handlers, {
      onUnknown: ({ method, url }) =>
        history.add({ kind: 'noise', what: 'egress', message: `${method} ${url}` }),
      // What another process said before it asked was said before.
      ...(runtime.remote ? { arrival: () => arrival(stage) } : {}),
      ...(setup.tap ? { tap: setup.tap(() => history.events) } : {}),
    })
    try {
      await runOn(runtime, stage, transport, telemetry, registrations, sign)
    } finally {
      await telemetry.close()
      await transport.close()
    }
    await allQuiet(stage)
    registrations.close()
    // MSW's interception itself keeps what asked for a response that was cut.
    if (!intercepted && !runtime.remote) await collect(registrations, stage)
    for (const event of left(clock?.timers() ?? 0)) history.add(event)
    if (setup.outside) reached(setup.outside.take())
  } catch (error) {
    // A runtime that wanted to end the process has said enough; what came of our refusal is not its doing.
    const exits = history.events.filter((event) => event.kind === 'noise' && event.what === 'exit')
    if (exits.length === 0) throw error
    return exits
  } finally {
    clock?.release()
    flight?.release()
    contexts.release()
    random.release()
    environment.release()
    noise.release()
  }
  return history.events
}

async function arrival(stage: Stage): Promise<void> {
  stage.arriving++
  await stage.team?.heard?.()
  stage.arriving--
}

async function runOn(
  runtime: Runtime,
  stage: Stage,
  transport: Transport,
  telemetry: Telemetry,
  registrations: Registrations,
  sign: () => void,
): Promise<void> {
  const world = worldOf(stage, transport, telemetry, registrations)
  stage.team = teamOf(await settled('open()', async () => runtime.open(world), stage))
  await startAll(stage, telemetry)
  await deliver(stage, sign)
  giveUpHung(stage)
  if (stage.fault !== undefined) throw stage.fault
  await letGo(stage)
  stage.cause = null
  await allQuiet(stage)
  await close(stage.team, stage)
  for (const conversation of stage.lines.keys()) stage.gates.release(conversation)
  await allQuiet(stage)
}

/** Runs that their consumer dropped may go on to their end, one after the other. */
async function letGo(stage: Stage): Promise<void> {
  for (const [conversation, { turn }] of stage.lines.entries()) {
    if (!isDropped(turn)) continue
    stage.cause = conversation
    stage.gates.release(conversation)
    await allQuiet(stage)
  }
}

/** What the harness itself holds of agents goes first: the reason of a stop, too, knows who was called when it was made. */
async function collect(registrations: Registrations, { lines }: Stage): Promise<void> {
  for (const line of lines) line.turn = undefined
  await registrations.collect()
}

async function close(team: Team, stage: Stage): Promise<void> {
  try {
    await settled('close()', async () => team.close(), stage)
  } catch (error) {
    // Where a run never ends, or is held because its consumer dropped it, closing has something to wait for, or to fail at.
    if (!stage.lines.some(({ givenUp, turn }) => givenUp || isDropped(turn))) throw error
    const { message } = errorShape(error)
    stage.history.add({ kind: 'left-open', what: 'run', message: `${message} while a run was held` })
  }
}

function isDropped(turn: Stage['lines'][number]['turn']): boolean {
  return turn?.stop === 'done' && turn.plan.stop?.how === 'drop'
}

/** What the adapter promises, within its bound; throws an `AdapterFault` where it does not come. */
async function settled<T>(what: string, work: () => Promise<T>, stage: Stage): Promise<T> {
  const promise = work()
  if (!(await within(promise, stage))) throw new AdapterFault(`${what} did not settle within its bound`)
  try {
    return await promise
  } catch (error) {
    throw new AdapterFault(`${what} was rejected`, error)
  }
}

/** The service in front of the runtime: it answers each conversation from its own script, and waits at its gates. */
function serviceOf(stage: Stage) {
  const { plan, lines, gates, clock } = stage
  const requests = requestsOf(stage)
  return createService({
    seed: plan.seed,
    now: () => EPOCH + (clock?.now() ?? 0),
    watch: (event) => {
      stage.flight?.watch(event)
      stage.served++
      stage.passesOn = isPassedOn(event) && !stage.breaksOff
      requests.watch(event)
    },
    script: (request) => lines[requests.ownerOf(request.number) ?? -1]?.turn?.script(request),
    gate: ({ request }) => {
      // What follows a broken place is not held: all of it is on its way before the client can answer.
      const owner = requests.hasBroken(request) ? null : (requests.ownerOf(request) ?? null)
      return owner === null ? undefined : gates.arrive(owner, request)
    },
    ...(plan.service ? { facts: plan.service } : {}),
  })
}

/** An event of a stream that tells what comes, or a piece of it: what a runtime acts on are those that tell of something done. */
function isPassedOn(event: ServiceEvent): boolean {
  if (event.type !== 'stream.event' || typeof event.event === 'string') return false
  return /\.(added|delta|created|in_progress)$|(_text|refusal)\.done$/.test(event.event.type)
}

function worldOf(
  stage: Stage,
  { baseURL, fetch }: Transport,
  telemetry: Telemetry,
  { report }: Registrations,
): World {
  const { plan, lines, history } = stage
  const turnOf = (run: string) => lines.map(({ turn }) => turn).find((turn) => turn?.run === run)
  return {
    team: plan.team,
    ...(plan.flow ? { flow: plan.flow } : {}),
    baseURL,
    apiKey: 'sk-conformance',
    ...(fetch ? { fetch } : {}),
    probe: {
      hook: hookDesk(history, (run) => turnOf(run)?.plan.breaks),
      handoff: (handoff) => history.add({ kind: 'handoff', ...handoff }),
      span: telemetry.report,
      registration: report,
    },
    tool: toolsOf(stage),
    telemetry: { mode: plan.mode, install: telemetry.install },
    remote: remoteWorldOf(stage, () => stage.cause),
  }
}

function remoteWorldOf({ plan, lines, history, bound }: Stage, cause: () => number | null): RemoteWorld {
  return {
    seed: plan.seed,
    bound,
    consumed(run) {
      const line = lines.find(({ turn }) => turn?.run === run)
      const { pull = 'same-context', stop, breaks } = line?.turn?.plan ?? {}
      const as = line?.plan.as
      return { pull, ...(stop ? { stop } : {}), ...(breaks ? { breaks } : {}), ...(as ? { as } : {}) }
    },
    on: () => lines[cause() ?? -1]?.turn?.run ?? null,
    tell: (event) => history.add(event.kind === 'span.start' ? { ...event, conversation: cause() } : event),
  }
}
