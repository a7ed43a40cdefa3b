import { toCleanText } from '../contract/error-shape.ts'
import type { HistoryEvent } from '../contract/events.ts'
import { guardNetwork, type TrafficWatch } from './egress/outside.ts'

type Noise = Extract<HistoryEvent, { kind: 'noise' }>

/** Watches the process while a plan runs. `release` ends the watch. */
export interface NoiseWatch {
  release(): void
}

/** The longest message that is recorded, in characters. */
const LONGEST = 2_000

/** The most messages of one kind that are recorded. More of the same would only fill the memory. */
const MOST = 32

/**
 * Records what a runtime does to its process: unhandled rejections and exceptions, warnings, output, calls of
 * `process.exit`, and traffic to other machines. None of it takes effect, because the test process must go on.
 * `intercepted`: MSW replaces the sockets. `outside`: the watch that already guards the network of this process.
 */
export function watchNoise(
  add: (event: Noise) => void,
  intercepted: boolean,
  outside?: TrafficWatch,
): NoiseWatch {
  const heard = new Map<Noise['what'], number>()
  const hear = (what: Noise['what'], message: unknown) => {
    const count = (heard.get(what) ?? 0) + 1
    heard.set(what, count)
    if (count > MOST) return
    add({ kind: 'noise', what, message: toText(message).slice(0, LONGEST) })
  }
  const elsewhere = (destination: string) => hear('egress', destination)
  const network = outside ? outside.during(elsewhere) : guardNetwork(elsewhere, intercepted)
  const releases = [
    replaceListeners('unhandledRejection', (reason) => hear('rejection', reason)),
    replaceListeners('uncaughtException', (error) => hear('exception', error)),
    replaceListeners('warning', (warning) => hear('warning', warning)),
    replaceProperty(process, 'exit', (code?: number | string | null) => {
      hear('exit', `process.exit(${code ?? ''}) was called`)
      throw new Error('conformance: process.exit was called')
    }),
    replaceProperty(process.stdout, 'write', createWriter('stdout', hear)),
    replaceProperty(process.stderr, 'write', createWriter('stderr', hear)),
    network.release,
  ]
  return {
    release() {
      for (const release of releases.reverse()) release()
    },
  }
}

function toText(value: unknown): string {
  return value instanceof Error
    ? `${toCleanText(value.name)}: ${toCleanText(value.message)}`
    : toCleanText(value)
}

/** Makes `hears` the only listener of a process event, and returns a function that restores the others. */
function replaceListeners(event: string, hears: (value: unknown) => void): () => void {
  const others = process.rawListeners(event) as ((...args: unknown[]) => void)[]
  process.removeAllListeners(event)
  process.on(event, hears)
  return () => {
    process.removeListener(event, hears)
    for (const other of others) process.on(event, other)
  }
}

function replaceProperty<T extends object, K extends keyof T>(owner: T, name: K, by: T[K]): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { configurable: true, writable: true, value: by })
  return () => {
    if (own) Object.defineProperty(owner, name, own)
    else delete owner[name]
  }
}

function createWriter(what: 'stdout' | 'stderr', hear: (what: Noise['what'], message: unknown) => void) {
  return ((chunk: unknown, encoding?: unknown, written?: unknown) => {
    hear(what, chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : chunk)
    const done = typeof encoding === 'function' ? encoding : written
    if (typeof done === 'function') process.nextTick(done as () => void)
    return true
  }) as typeof process.stdout.write
}
