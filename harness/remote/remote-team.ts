import type { JsonObject } from '../../mocks/json.ts'
import {
  AdapterFault,
  errorShape,
  type RemoteWorld,
  type Silence,
  type Team,
  type World,
} from '../runtime.ts'
import type { DriverEars, DriverProcess } from './driver-process.ts'
import type { FromDriver } from './protocol.ts'
import { type RemoteRun, remoteRun } from './remote-run.ts'

/** What a driver was asked, and has not answered yet. */
interface Asked<T> {
  resolve(value: T): void
  reject(error: Error): void
}

/** Opens a plan in a driver. What the driver says goes into the history as it comes. */
export async function openRemoteTeam(
  driver: DriverProcess,
  world: World,
  remote: RemoteWorld,
): Promise<Team> {
  const runs = new Map<string, RemoteRun>()
  const calls = new Map<number, AbortController>()
  const silences = new Map<number, Asked<Silence>>()
  const asked = new Set<Asked<void>>()
  let opening: Asked<void> | undefined
  let closing: Asked<void> | undefined
  let silent = 0

  function lose(error: Error): void {
    for (const run of runs.values()) run.lose(error)
    for (const one of asked) one.reject(error)
    for (const call of calls.values()) call.abort()
    // Who waits for silence has it.
    for (const silence of silences.values()) silence.resolve({ sure: true, next: null })
    asked.clear()
    silences.clear()
  }

  function ask(begin: () => void): { asked: Asked<void>; promise: Promise<void> } {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const one = { resolve, reject }
    asked.add(one)
    begin()
    const settled = () => void asked.delete(one)
    promise.then(settled, settled)
    return { asked: one, promise }
  }

  const ears: DriverEars = {
    hear(message) {
      hear(message)
      return settles(message) ? turn() : undefined
    },
    wrote: (text) => remote.tell({ kind: 'noise', what: 'stderr', message: text.slice(0, LONGEST) }),
    gone(why, died) {
      if (died) remote.tell({ kind: 'noise', what: 'exit', message: `the driver is gone: ${why}` })
      lose(new AdapterFault(`the driver is gone: ${why}`))
    },
  }

  function hear(message: FromDriver): void {
    switch (message.type) {
      case 'opened':
        return opening?.resolve()
      case 'closed':
        for (const left of message.left) remote.tell({ kind: 'left-open', ...left })
        if (message.held !== null) remote.tell({ kind: 'collection', held: message.held })
        return closing?.resolve()
      case 'update':
      case 'end':
      case 'outcome':
        return runs.get(message.run)?.hear(message)
      case 'tool.call':
        return call(message)
      case 'tool.cancel':
        return calls.get(message.call)?.abort()
      case 'quiet': {
        const { sure, next } = message
        silences.get(message.number)?.resolve({ sure, next })
        return void silences.delete(message.number)
      }
      case 'error':
        return lose(new AdapterFault(`the driver: ${message.message}`))
      case 'ready':
        return driver.kill('it said ready again')
      default: {
        const { type, ...told } = message
        if (type === 'log')
          return remote.tell({ kind: 'noise', ...(told as { what: 'log'; message: string }) })
        return remote.tell({ kind: type, ...told } as Parameters<RemoteWorld['tell']>[0])
      }
    }
  }

  function call({ call, run, id, name, agent, args }: Extract<FromDriver, { type: 'tool.call' }>): void {
    const abort = new AbortController()
    calls.set(call, abort)
    const told = { ...(id === undefined ? {} : { id }), ...(agent === undefined ? {} : { agent }) }
    world.tool({ run, name, args, signal: abort.signal, ...told }).then(
      (value) => driver.send({ type: 'tool.result', call, value }),
      (error) => driver.send({ type: 'tool.result', call, error: errorShape(error).message }),
    )
  }

  // Until the next plan: also when this one is closed it is asked whether it is quiet.
  driver.heardBy(ears)
  const opened = ask(() => {
    const { team, flow, baseURL, apiKey, telemetry } = world
    const given = { team, baseURL, apiKey, mode: telemetry.mode, ...(flow ? { flow } : {}) }
    driver.send({ type: 'open', seed: remote.seed, ...(given as unknown as Opened) })
  })
  opening = opened.asked
  await opened.promise

  return {
    start({ signal, ...request }) {
      const { stop, breaks, pull, as = 'task' } = remote.consumed(request.run)
      const run = remoteRun(request.run, stop, driver.send.bind(driver))
      runs.set(request.run, run)
      driver.send({ type: 'start', ...request, as, pull, ...(breaks ? { breaks } : {}) })
      signal.addEventListener('abort', () => driver.send({ type: 'abort', run: request.run }), { once: true })
      return run
    },
    setMode: (to) => driver.send({ type: 'mode', to }),
    quiet() {
      if (!driver.alive) return Promise.resolve({ sure: true, next: null })
      const { promise, resolve, reject } = Promise.withResolvers<Silence>()
      const number = silent++
      silences.set(number, { resolve, reject })
      driver.send({ type: 'quiet', number })
      const limit = setTimeout(() => driver.kill(`it gave no sign for ${remote.bound} ms`), remote.bound)
      promise.finally(() => clearTimeout(limit))
      return promise
    },
    advance: (by) => driver.send({ type: 'advance', by }),
    async close() {
      const closed = ask(() => driver.send({ type: 'close' }))
      closing = closed.asked
      const limit = setTimeout(() => driver.kill(`it did not close within ${remote.bound} ms`), remote.bound)
      try {
        await closed.promise
      } finally {
        clearTimeout(limit)
      }
    },
  }
}

type Opened = { team: JsonObject[]; flow?: JsonObject; baseURL: string; apiKey: string; mode: JsonObject }

/** The most that one piece of noise may hold, in characters. */
const LONGEST = 2_000

/** Whether somebody here waits for it, who must have acted before the next is heard. */
function settles({ type }: FromDriver): boolean {
  return type === 'update' || type === 'end' || type === 'outcome' || type === 'tool.call'
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
