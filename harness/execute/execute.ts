import { isObject, type JsonObject, objectsIn } from '../../mocks/json.ts'
import { queueScript, type Script } from '../../mocks/service/script.ts'
import { createService } from '../../mocks/service/service.ts'
import type { ServiceEvent } from '../../mocks/service/watch.ts'
import { openTransport, type TransportName } from '../../mocks/transports.ts'
import { conversationOf, type History, type ServedResponse } from '../history/events.ts'
import { type HistoryRecorder, startHistory } from '../history/recorder.ts'
import { toolDesk } from '../observe/tools.ts'
import { consume } from '../observe/updates.ts'
import { openWorld } from '../observe/world.ts'
import type { Plan, Turn } from '../plan/types.ts'
import { errorShape, type Outcome, type Runtime, type Team, type World } from '../runtime.ts'
import { attribute, canariesOf } from './attribution.ts'
import { holdClock } from './clock.ts'
import { nextConversation, openGates } from './gates.ts'
import { settle } from './settle.ts'

/** The service's time where nobody holds the clock. */
const EPOCH = Date.UTC(2026, 0, 1)

/** Where a conversation is: which turn, what its script still holds. */
interface Line {
  run: string | null
  script: Script
}

/** Runs one plan on one runtime, every gate opened in the plan's own order, and tells all that happened. */
export async function execute(runtime: Runtime, plan: Plan, transportName: TransportName): Promise<History> {
  const history = startHistory()
  const gates = openGates(plan.conversations.length)
  const canaries = canariesOf(plan)
  const lines: Line[] = plan.conversations.map(() => ({ run: null, script: () => undefined }))
  const owners = new Map<number, number | null>()
  // Requests whose stream has broken its form. A client may leave at that place or later, and over http nothing tells
  // when, so the rest of such a stream is not held at gates: all of it is on its way before the client can answer.
  const broken = new Set<number>()
  // What each stream said last of its response.
  const said = new Map<number, JsonObject>()
  let cause: number | null = null
  const lineOf = (request: number) => lines[owners.get(request) ?? -1]
  const watch = (event: ServiceEvent) => {
    if (event.type === 'request') {
      const { number, context, body } = event.request
      const owner = attribute(context, canaries, cause).conversation
      owners.set(number, owner)
      const run = owner === null ? null : (lines[owner]?.run ?? null)
      history.add({ kind: 'request', request: number, run, body: isObject(body) ? body : {} })
      return
    }
    if (event.type === 'stream.event' && breaksForm(event.event)) broken.add(event.request)
    const owner = owners.get(event.request)
    if (event.type === 'stream.event' && isObject(event.event) && isObject(event.event['response']))
      said.set(event.request, event.event['response'])
    if (event.type === 'request.cancelled' && typeof owner === 'number') gates.leave(owner, event.request)
    tell(event, said.get(event.request), history.add)
  }
  // Over http time is real, for silence there proves nothing.
  const clock = transportName === 'http' ? undefined : holdClock()
  const service = createService({
    seed: plan.seed,
    now: clock ? () => EPOCH + clock.now() : () => EPOCH,
    watch,
    script: (request) => lineOf(request.number)?.script(request),
    gate: ({ request }) => {
      const owner = broken.has(request) ? undefined : owners.get(request)
      return owner === undefined || owner === null ? undefined : gates.arrive(owner, request)
    },
    ...(plan.service ? { facts: plan.service } : {}),
  })
  const transport = await openTransport(transportName, service.handlers)
  const offered = plan.team.flatMap((agent) => agent.tools)
  const tools = plan.conversations.map(() => toolDesk(offered, history))
  const tool: World['tool'] = async (call) => tools[conversationOf(call.run) ?? -1]?.(call) ?? null
  const { world, close } = openWorld(plan.team, transport, tool, history)
  try {
    const team = await runtime.open(world)
    const converse = async (conversation: number) => {
      for (const [number, turn] of (plan.conversations[conversation]?.turns ?? []).entries()) {
        const line = lines[conversation] as Line
        line.run = `c${conversation}.t${number}`
        line.script = queueScript(turn.answers)
        history.add({ kind: 'run.start', run: line.run, turn: number, input: turn.say })
        const outcome = await runTurn(team, plan, conversation, number, turn, history)
        history.add({ kind: 'run.end', run: line.run, outcome })
      }
      gates.end(conversation)
    }
    const waiting = { gates, clock, events: history.events }
    for (const conversation of plan.conversations.keys()) {
      cause = conversation
      converse(conversation)
      await settle(conversation, waiting)
    }
    const skipped = new Set<number>()
    for (let step = 0; ; step++) {
      const conversation = nextConversation(gates.standing, plan.delivery, step, skipped)
      if (conversation === undefined) break
      cause = conversation
      const opened = (await settle(conversation, waiting)) === 'at-gate'
      history.add({ kind: 'step', step, conversation, opened })
      if (opened) {
        skipped.clear()
        gates.open(conversation)
        await settle(conversation, waiting)
      } else skipped.add(conversation)
    }
    await team.close()
  } finally {
    await close()
    await transport.close()
    clock?.release()
  }
  return history.events
}

/** A response as the service last said it; null for what is none. */
function servedIn(body: unknown): ServedResponse | null {
  if (!isObject(body) || body['object'] !== 'response' || typeof body['id'] !== 'string') return null
  return { id: body['id'], stored: body['store'] !== false, output: objectsIn(body['output']) }
}

/** Garbage, and the error event: what a client stops at. */
function breaksForm(event: { type: string } | string): boolean {
  return typeof event === 'string' || event.type === 'error'
}

function tell(
  event: Exclude<ServiceEvent, { type: 'request' }>,
  streamed: JsonObject | undefined,
  add: HistoryRecorder['add'],
): void {
  const { request } = event
  if (event.type === 'stream.event') {
    const type = typeof event.event === 'string' ? 'garbage' : event.event.type
    add({ kind: 'stream.event', request, index: event.index, type })
  } else if (event.type === 'response.end')
    add({
      kind: 'response.end',
      request,
      how: event.outcome,
      response: event.outcome === 'cut' ? null : servedIn(event.body ?? streamed),
    })
  else if (event.type === 'request.refused') add({ kind: 'request.refused', request, rule: event.rule })
  else if (event.type === 'request.unscripted') add({ kind: 'request.unscripted', request })
  else if (event.type === 'request.cancelled') add({ kind: 'request.cancelled', request })
}

async function runTurn(
  team: Team,
  plan: Plan,
  conversation: number,
  turn: number,
  { say, stream }: Turn,
  history: HistoryRecorder,
): Promise<Outcome> {
  const { session, store } = plan.conversations[conversation] as Plan['conversations'][number]
  const run = `c${conversation}.t${turn}`
  try {
    const started = team.start({
      run,
      conversation,
      turn,
      input: say,
      stream,
      session,
      store,
      signal: new AbortController().signal,
    })
    return await consume(started, run, history)
  } catch (error) {
    return { status: 'failed', text: '', error: errorShape(error) }
  }
}
