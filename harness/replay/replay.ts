import { isObject } from '../../mocks/json.ts'
import type { PlayedRecording, ReceivedRequest } from '../../mocks/recordings/matching.ts'
import { BEYOND, createPlayback } from '../../mocks/recordings/playback.ts'
import { splitFrames } from '../../mocks/recordings/wire.ts'
import { openTransport, type TransportName } from '../../mocks/transports.ts'
import type { History } from '../history/events.ts'
import { type HistoryRecorder, startHistory } from '../history/recorder.ts'
import { toolDesk } from '../observe/tools.ts'
import { consume } from '../observe/updates.ts'
import { openWorld } from '../observe/world.ts'
import type { SessionMode } from '../plan/types.ts'
import { errorShape, type Outcome, type Runtime, type Team } from '../runtime.ts'
import { plainAnswer } from './beyond.ts'
import { endingOf } from './exchange.ts'
import type { Replay, ReplayTurn } from './types.ts'

export interface ReplaySetup {
  transport: TransportName
  session: SessionMode
  /** How long one run may take, in milliseconds, before it counts as hung. */
  bound: number
}

/** Puts one recorded conversation to a runtime, its model requests answered from the recording, and tells all that happened. */
export async function replayOn(runtime: Runtime, replay: Replay, setup: ReplaySetup): Promise<History> {
  const history = startHistory()
  const playing = { run: null as string | null, requests: 0 }
  const faults: unknown[] = []
  // What fails on our side of the wire would reach the runtime as a broken connection, and look like its own doing.
  const ourFault = (error: unknown): never => {
    faults.push(error)
    throw error
  }
  const playback = createPlayback([playbackFile(replay)], {
    match: () => undefined,
    hooks(served, received) {
      try {
        return observe(history, playing, served, received)
      } catch (error) {
        return ourFault(error)
      }
    },
    beyond: ({ body }) => plainAnswer(isObject(body) && body['stream'] === true).catch(ourFault),
  })
  const transport = await openTransport(setup.transport, playback.handlers, {
    onUnknown: ({ method, url }) =>
      history.add({ kind: 'noise', what: 'egress', message: `${method} ${url}` }),
  })
  const tool = toolDesk(replay.agent.tools, history)
  const { world, close } = openWorld([replay.agent], transport, tool, history)
  try {
    const team = await runtime.open(world)
    for (const [turn, said] of replay.turns.entries())
      await playTurn(team, replay, said, turn, setup, history, playing)
    await team.close()
  } finally {
    await close()
    await transport.close()
  }
  if (faults.length > 0) throw faults[0]
  return history.events
}

function playbackFile({ recording, turns }: Replay) {
  return { schema: 1 as const, id: recording, recordings: turns.flatMap(({ exchanges }) => exchanges) }
}

function observe(
  history: HistoryRecorder,
  playing: { run: string | null; requests: number },
  { file, recording }: PlayedRecording,
  received: ReceivedRequest,
) {
  const request = playing.requests++
  const body = isObject(received.body) ? received.body : {}
  history.add({ kind: 'request', request, run: playing.run, body })
  if (file === BEYOND) history.add({ kind: 'request.unscripted', request })
  const ending = endingOf(recording)
  let told = false
  const end = (how = ending.how) => {
    if (told) return
    told = true
    history.add({ kind: 'response.end', request, how, response: how === 'cut' ? null : ending.response })
  }
  const last = lastAct(recording)
  return { body: { after: (act: number) => (act >= last ? end() : undefined), cancelled: () => end('cut') } }
}

/** The act with which the client has the whole response: the end of the stream, or the one piece of any other body. */
function lastAct({ response }: PlayedRecording['recording']): number {
  return 'sse' in response.body ? splitFrames(response.body.sse).length : 0
}

async function playTurn(
  team: Team,
  replay: Replay,
  { say, stream }: ReplayTurn,
  turn: number,
  { session, bound }: ReplaySetup,
  history: HistoryRecorder,
  playing: { run: string | null },
): Promise<void> {
  const run = `c0.t${turn}`
  playing.run = run
  history.add({ kind: 'run.start', run, turn, input: say })
  const stop = new AbortController()
  // What start itself throws is the adapter's fault, not the run's: a run that fails says so in its outcome.
  const started = team.start({
    run,
    conversation: 0,
    turn,
    input: say,
    stream,
    session,
    store: replay.store,
    signal: stop.signal,
  })
  const outcome = await settledWithin(bound, stop, () => consume(started, run, history))
  history.add({ kind: 'run.end', run, outcome })
}

async function settledWithin(
  bound: number,
  stop: AbortController,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const hung = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      stop.abort()
      resolve({ status: 'hung', text: '' })
    }, bound)
  })
  try {
    return await Promise.race([work(), hung])
  } catch (error) {
    return { status: 'failed', text: '', error: errorShape(error) }
  } finally {
    clearTimeout(timer)
  }
}
