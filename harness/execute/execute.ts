import { queueScript, type Script } from '../../mocks/service/script.ts'
import { createService } from '../../mocks/service/service.ts'
import { openTransport, type TransportName } from '../../mocks/transports.ts'
import { conversationOfRun, type History } from '../history/events.ts'
import { type HistoryRecorder, startHistory } from '../history/recorder.ts'
import { observeRequests } from '../observe/requests.ts'
import { toolDesk } from '../observe/tools.ts'
import { consume } from '../observe/updates.ts'
import { openWorld } from '../observe/world.ts'
import type { Conversation, Plan } from '../plan/types.ts'
import { errorShape, type Outcome, type Runtime, type Team, type World } from '../runtime.ts'
import { attribute, canariesOf } from './attribution.ts'
import { type Clock, holdClock } from './clock.ts'
import { type Gates, nextConversation, openGates } from './gates.ts'
import { settle } from './settle.ts'

/** The service's time where nobody holds the clock. */
const EPOCH = Date.UTC(2026, 0, 1)

/** A conversation of the plan while it is had. */
interface Line {
  plan: Conversation
  /** The run that is on, or was last. */
  run: string | null
  /** What the model still has to say in the turn. */
  script: Script
  stop: AbortController
}

/** What a plan is run with: shared by all its conversations. */
interface Stage {
  plan: Plan
  lines: Line[]
  gates: Gates
  history: HistoryRecorder
  clock: Clock | undefined
  /** The conversation that is started, or whose gate was opened last: what is seen was caused by it. */
  cause: number | null
}

/** Runs one plan on one runtime, every gate opened in the plan's own order, and tells all that happened. */
export async function execute(runtime: Runtime, plan: Plan, transportName: TransportName): Promise<History> {
  const stage: Stage = {
    plan,
    lines: plan.conversations.map((plan) => ({
      plan,
      run: null,
      script: () => undefined,
      stop: new AbortController(),
    })),
    gates: openGates(plan.conversations.length),
    history: startHistory(),
    // Over http time is real, for silence there proves nothing.
    clock: transportName === 'http' ? undefined : holdClock(),
    cause: null,
  }
  const transport = await openTransport(transportName, serviceOf(stage).handlers)
  const { world, close } = openWorld(plan.team, transport, toolsOf(stage), stage.history)
  try {
    const team = await runtime.open(world)
    await startAll(team, stage)
    await deliver(stage)
    giveUpHung(stage)
    await team.close()
  } finally {
    await close()
    await transport.close()
    stage.clock?.release()
  }
  return stage.history.events
}

/** The service in front of the runtime: it answers each conversation from its own script, and waits at its gates. */
function serviceOf(stage: Stage) {
  const { plan, lines, gates, clock, history } = stage
  const canaries = canariesOf(plan)
  const observer = observeRequests(
    history,
    (context) => attribute(context, canaries, stage.cause).conversation,
    (conversation) => lines[conversation]?.run ?? null,
    (conversation, request) => gates.leave(conversation, request),
  )
  return createService({
    seed: plan.seed,
    now: () => EPOCH + (clock?.now() ?? 0),
    watch: observer.watch,
    script: (request) => lines[observer.ownerOf(request.number) ?? -1]?.script(request),
    gate: ({ request }) => {
      // What follows a broken place is not held: all of it is on its way before the client can answer.
      const owner = observer.hasBroken(request) ? null : (observer.ownerOf(request) ?? null)
      return owner === null ? undefined : gates.arrive(owner, request)
    },
    ...(plan.service ? { facts: plan.service } : {}),
  })
}

/** The harness as the tools of every conversation: a tool counts its calls in each of them. */
function toolsOf({ plan, lines, gates, history }: Stage): World['tool'] {
  const offered = plan.team.flatMap((agent) => agent.tools)
  const desks = lines.map((_, conversation) =>
    toolDesk(offered, history, (who) => gates.arrive(conversation, who)),
  )
  return async (call) => desks[conversationOfRun(call.run) ?? -1]?.(call) ?? null
}

/** Starts the conversations one after the other, each when the one before stands: so their first requests have an order. */
async function startAll(team: Team, stage: Stage): Promise<void> {
  for (const conversation of stage.lines.keys()) {
    stage.cause = conversation
    converse(team, conversation, stage)
    await settled(conversation, stage)
  }
}

/** Opens gate by gate in the order of `delivery`, until every conversation has ended or none comes to a gate any more. */
async function deliver(stage: Stage): Promise<void> {
  const { plan, gates, history } = stage
  const skipped = new Set<number>()
  for (let step = 0; ; step++) {
    const conversation = nextConversation(gates.standing, plan.delivery, step, skipped)
    if (conversation === undefined) return
    stage.cause = conversation
    const opened = (await settled(conversation, stage)) === 'at-gate'
    history.add({ kind: 'step', step, conversation, opened })
    if (opened) {
      skipped.clear()
      gates.open(conversation)
      await settled(conversation, stage)
    } else skipped.add(conversation)
  }
}

function settled(conversation: number, { gates, clock, history }: Stage) {
  return settle(conversation, { gates, clock, events: history.events })
}

/** Has one conversation, turn by turn, to its end. */
async function converse(team: Team, conversation: number, { lines, gates, history }: Stage): Promise<void> {
  const line = lines[conversation] as Line
  for (const [turn, { say, answers }] of line.plan.turns.entries()) {
    line.run = `c${conversation}.t${turn}`
    line.script = queueScript(answers)
    history.add({ kind: 'run.start', run: line.run, turn, input: say })
    const outcome = await runTurn(team, line, conversation, turn, history)
    if (line.stop.signal.aborted) return
    history.add({ kind: 'run.end', run: line.run, outcome })
  }
  gates.end(conversation)
}

async function runTurn(
  team: Team,
  { plan: { session, store, turns }, stop: { signal } }: Line,
  conversation: number,
  turn: number,
  history: HistoryRecorder,
): Promise<Outcome> {
  const run = `c${conversation}.t${turn}`
  const { say: input = '', stream = false } = turns[turn] ?? {}
  try {
    const request = { run, conversation, turn, input, stream, session, store, signal }
    return await consume(team.start(request), run, history)
  } catch (error) {
    return { status: 'failed', text: '', error: errorShape(error) }
  }
}

/** A conversation of which nothing more came within its bound hangs: its run is told so, and asked to stop. */
function giveUpHung({ lines, gates, history }: Stage): void {
  for (const [conversation, { run, stop }] of lines.entries()) {
    if (gates.standingOf(conversation) === 'ended' || run === null) continue
    stop.abort()
    history.add({ kind: 'run.end', run, outcome: { status: 'hung', text: '' } })
  }
}
