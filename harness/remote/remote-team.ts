import type { JsonObject } from '../../mocks/json.ts'
import { describeError } from '../contract/error-shape.ts'
import { AdapterFault, type RemoteWorld, type Silence, type Team, type World } from '../contract/runtime.ts'
import type { DriverListener, DriverProcess } from './driver-process.ts'
import type { FromDriver, ToDriver } from './protocol.ts'
import { createRemoteRun, type RemoteRun } from './remote-run.ts'

/** A question to the driver that is still open. */
type Asked<T> = PromiseWithResolvers<T>

/** What to do with each message of the driver. */
type Heard = { [T in FromDriver['type']]: (message: Extract<FromDriver, { type: T }>) => void }

/** Opens a plan in a driver. Everything that the driver reports is recorded as it arrives. */
export async function openRemoteTeam(
  driver: DriverProcess,
  world: World,
  remote: RemoteWorld,
): Promise<Team> {
  const runs = new Map<string, RemoteRun>()
  const calls = new Map<number, AbortController>()
  const silences = new Map<number, Asked<Silence>>()
  const opening: Asked<void> = Promise.withResolvers()
  const closing: Asked<void> = Promise.withResolvers()
  // Nobody may be waiting when the driver ends, so these rejections must not go unhandled.
  for (const { promise } of [opening, closing]) promise.catch(() => {})
  let asked = 0
  let sent = 0
  let silent = false
  // Resolves when all tool results have been sent. True: the driver has not answered a question since.
  let results = Promise.resolve(false)

  function send(message: ToDriver): void {
    if (message.type !== 'quiet') sent++
    driver.send(message)
  }

  function lose(error: Error): void {
    // If the driver is silent, its runs have not failed: they hang.
    if (!silent) for (const run of runs.values()) run.lose(error)
    for (const call of calls.values()) call.abort()
    opening.reject(error)
    closing.reject(error)
    // A driver that is gone is silent.
    for (const { resolve } of silences.values()) resolve(GONE)
    silences.clear()
  }

  const tell = ({ type: kind, ...told }: FromDriver) =>
    remote.tell({ kind, ...told } as Parameters<RemoteWorld['tell']>[0])
  const ofRun = (message: Parameters<RemoteRun['hear']>[0]) => runs.get(message.run)?.hear(message)
  const heard: Heard = {
    ready: () => driver.kill('it said ready again'),
    opened() {
      driver.hasOpened = true
      opening.resolve()
    },
    closed({ left, held }) {
      driver.engaged = false
      for (const one of left) remote.tell({ kind: 'left-open', ...one })
      if (held !== null) remote.tell({ kind: 'collection', held })
      closing.resolve()
    },
    update: ofRun,
    end: ofRun,
    outcome: ofRun,
    hook: tell,
    handoff: tell,
    'span.start': tell,
    'span.end': tell,
    'span.late': tell,
    registration: tell,
    log: ({ what, message }) => remote.tell({ kind: 'noise', what, message }),
    'tool.call'({ type: _, call, id, agent, run: told, cancellable = false, ...asked }) {
      const run = told ?? remote.on() ?? 'of nobody'
      const abort = new AbortController()
      calls.set(call, abort)
      const known = { ...(id === undefined ? {} : { id }), ...(agent === undefined ? {} : { agent }) }
      const shield = () => (cancellable ? send({ type: 'tool.shield', call }) : undefined)
      world.tool({ ...asked, run, ...known, cancellable, signal: abort.signal, shield }).then(
        (value) => giveResult({ call, value }),
        (error) => giveResult({ call, error: describeError(error).message }),
      )
    },
    'tool.cancel': ({ call }) => calls.get(call)?.abort(),
    quiet({ number, sure, next }) {
      silences.get(number)?.resolve({ sure, ...(next === undefined ? {} : { next }) })
      silences.delete(number)
    },
    error: ({ message }) => lose(new AdapterFault(`the driver: ${message}`)),
  }

  const ears: DriverListener = {
    hear(message) {
      const hears = heard[message.type] as (message: FromDriver) => void
      hears(message)
      return WAITED_FOR.has(message.type) ? waitForNextTurn() : undefined
    },
    wrote: (text) => remote.tell({ kind: 'noise', what: 'stderr', message: text.slice(0, LONGEST) }),
    gone(why, died) {
      if (died) remote.tell({ kind: 'noise', what: 'exit', message: `the driver is gone: ${why}` })
      lose(new AdapterFault(`the driver is gone: ${why}`))
    },
  }

  /** Waits until the plan is open. If it is not within the bound, ends the driver, which starts again for the next plan. */
  function openInTime(): Promise<void> {
    const isFirst = !driver.hasOpened
    const bound = isFirst ? Math.max(driver.firstOpenMs, remote.bound) : remote.bound
    const why = `it did not open ${isFirst ? 'its first plan' : 'a plan'} within ${bound / 1000} s`
    return waitAtMost(bound, opening.promise, () => driver.kill(why))
  }

  /**
   * Returns `answer`. If it does not come within the bound, ends the driver, which starts again for the next plan.
   */
  async function inTime<T>(answer: Promise<T>, silence: string): Promise<T> {
    const why = `${silence} within ${remote.bound} ms`
    return waitAtMost(remote.bound, answer, () => {
      silent = true
      driver.kill(why)
    })
  }

  function silence(): Promise<Silence> {
    const silence: Asked<Silence> = Promise.withResolvers()
    const number = asked++
    silences.set(number, silence)
    send({ type: 'quiet', number })
    return silence.promise
  }

  /**
   * Sends tool results one by one, each after the driver is idle again. Otherwise timing would decide whether a tool
   * that throws ends its run before another result arrives.
   */
  function giveResult(result: Result): void {
    const before = results
    results = (async () => {
      if (await before) await silence()
      send({ type: 'tool.result', ...result })
      return true
    })()
  }

  /** Resolves when the driver is idle and no tool result is on its way. */
  async function quiet(): Promise<Silence> {
    for (;;) {
      const given = results
      await given
      const silent = await silence()
      if (results !== given) continue
      results = Promise.resolve(false)
      return silent
    }
  }

  // The driver is heard until the next plan, because it is asked whether it is idle after it was closed, too.
  driver.engaged = true
  driver.heardBy(ears)
  for (const message of driver.reachedFor) remote.tell({ kind: 'noise', what: 'egress', message })
  const { team, flow, baseURL, apiKey, telemetry } = world
  const given = { team, baseURL, apiKey, mode: telemetry.mode, ...(flow ? { flow } : {}) }
  send({ type: 'open', seed: remote.seed, ...(given as unknown as Opened) })
  await openInTime()

  return {
    start({ signal, ...request }) {
      const { stop, breaks, pull, as = 'task' } = remote.consumed(request.run)
      const run = createRemoteRun(request.run, stop, send)
      runs.set(request.run, run)
      send({ type: 'start', ...request, as, pull, ...(breaks ? { breaks } : {}) })
      const abort = () => send({ type: 'abort', run: request.run })
      signal.addEventListener('abort', abort, { once: true })
      return run
    },
    setMode: (to) => send({ type: 'mode', to }),
    told: () => sent,
    quiet: () => (driver.alive ? inTime(quiet(), 'it gave no sign') : Promise.resolve(GONE)),
    async heard() {
      // A driver that waits for the answer to this request reports nothing.
      if (driver.alive) await Promise.race([silence(), waitBriefly()])
    },
    advance: (by) => send({ type: 'advance', by }),
    close() {
      send({ type: 'close' })
      return inTime(closing.promise, 'it did not close')
    },
  }
}

type Result = Pick<Extract<ToDriver, { type: 'tool.result' }>, 'call' | 'value' | 'error'>
type Opened = { team: JsonObject[]; flow?: JsonObject; baseURL: string; apiKey: string; mode: JsonObject }

/** A driver that is gone reports nothing more. */
const GONE: Silence = { sure: true, next: null }

/** How long a driver may be busy before its request is answered all the same, in milliseconds. */
const BUSY_MS = 250

function waitBriefly(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, BUSY_MS).unref())
}

/** The longest message that is recorded, in characters. */
const LONGEST = 2_000

/** Messages that a consumer or a tool here waits for. It must react before the next message is handled. */
const WAITED_FOR: ReadonlySet<FromDriver['type']> = new Set([
  'update',
  'end',
  'outcome',
  'tool.call',
  'tool.cancel',
])

function waitForNextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Returns `answer`. Calls `late` if it does not come within `bound` milliseconds. */
function waitAtMost<T>(bound: number, answer: Promise<T>, late: () => void): Promise<T> {
  const limit = setTimeout(late, bound)
  return answer.finally(() => clearTimeout(limit))
}
