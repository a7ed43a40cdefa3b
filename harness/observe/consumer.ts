import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'
import { checkUpdate } from '../contract/adapter-given.ts'
import { describeError, type ErrorShape } from '../contract/error-shape.ts'
import type { KeptContext, Update } from '../contract/run-outcome.ts'
import type { OtelApi, Run } from '../contract/runtime.ts'
import type { HistoryRecorder } from '../history/recorder.ts'
import type { Pull } from '../plan/types.ts'
import type { Contexts } from './contexts.ts'

/** A place in which the consumer runs: an async context and, if the runtime uses OpenTelemetry, an active span. */
export interface Place {
  /** Runs `work` in this place and returns its result. */
  within<T>(work: () => T): T
  /** Returns the runtime's contexts that are active here. Call this before a pull. */
  held(): ReturnType<Contexts['held']>
  /** Returns whether this place is still active and no context of the runtime has leaked into it since `before`. */
  kept(before: ReturnType<Contexts['held']>): KeptContext
}

/**
 * Returns a function that creates places, each with a new async context. `api` and `span` come from the runtime,
 * which installs its telemetry when it opens.
 */
export function createPlaces(
  contexts: Contexts,
  api: OtelApi | undefined,
  span: Span | undefined,
): () => Place {
  const storage = new AsyncLocalStorage<object>()
  contexts.leaveOut(storage)
  // `storage.run` restores only its own storage. Without this snapshot, what a runtime enters would leak into all
  // later places.
  const outside = AsyncLocalStorage.snapshot()
  return () => {
    const own = {}
    return {
      within(work) {
        return outside(() => {
          if (api === undefined || span === undefined) return storage.run(own, work)
          const active = api.trace.setSpan(api.context.active(), span)
          return storage.run(own, () => api.context.with(active, work))
        })
      },
      held: contexts.held,
      kept: (before) => ({
        context: storage.getStore() === own && !contexts.leaked(before) ? 'kept' : 'changed',
        span: api === undefined || api.trace.getActiveSpan() === span ? 'kept' : 'changed',
      }),
    }
  }
}

/** How the consumer reads a run's updates. */
export interface Consumption {
  run: string
  pull: Pull
  /** The place from which the consumer reads. */
  home: Place
  /** Creates another place. */
  place: () => Place
  /** Called after each update. */
  updated(): void
  /** Resolves when the consumer may check whether to stop. Undefined if it need not wait. */
  ready(): Promise<void> | undefined
  /** Returns how the consumer stops before its next pull, or undefined if it goes on. */
  stops(): 'return' | 'drop' | undefined
  /** Called when the consumer was stopped. Returns whether it must return from the stream once more. */
  stopsAgain(): boolean
  /** Resolves when the consumer must leave a pull that does not return. */
  dropped: Promise<'dropped'> | undefined
}

/** A time limit for a pull. Longer than any bound, so it never strikes. */
const LIMIT = 24 * 60 * 60 * 1000

/** Reads a run's updates in the way that the plan says, and records them. Returns how the reading ended. */
export async function readUpdates(
  { updates, kept: keptThere, drop }: Pick<Run, 'updates' | 'kept' | 'drop'>,
  consumption: Consumption,
  { add }: HistoryRecorder,
): Promise<'ended' | 'returned' | 'dropped'> {
  const { run, pull, home, place, updated, ready, stops, stopsAgain, dropped } = consumption
  let here = home
  const iterator = updates[Symbol.asyncIterator]()
  // Whether a context of the runtime has leaked into the consumer's.
  let strayed = false
  const tell = (held: ReturnType<Place['held']>, error?: { error: ErrorShape }) => {
    const kept = keptThere?.() ?? here.kept(held)
    strayed = kept.context === 'changed' || kept.span === 'changed'
    add({ kind: 'pull', run, ...kept, ...error })
  }
  const pulled = async () => {
    const held = here.held()
    try {
      const next = pullNext(iterator, pull)
      const result = await (dropped === undefined ? next : Promise.race([next, dropped]))
      tell(held)
      return result
    } catch (error) {
      tell(held, { error: describeError(error) })
      return 'failed'
    }
  }
  for (let taken = 0; ; taken++) {
    const waits = ready()
    if (waits) await waits
    const stop = stops()
    if (stop === 'drop') {
      drop?.()
      return 'dropped'
    }
    if (stop === 'return') {
      await iterator.return?.().catch(() => undefined)
      stopsAgain()
      return 'returned'
    }
    if (pull === 'new-context-per-pull' || (pull === 'handed-over-midway' && taken === 1)) here = place()
    const came = await (here === home && !strayed ? pulled() : here.within(pulled))
    if (came === 'dropped') {
      drop?.()
      return 'dropped'
    }
    // The outcome reports the same error.
    if (came === 'failed' || came.done) {
      if (stopsAgain()) await iterator.return?.().catch(() => undefined)
      return 'ended'
    }
    add({ kind: 'update', run, update: checkUpdate(came.value, run) })
    updated()
  }
}

function pullNext(iterator: AsyncIterator<Update>, pull: Pull): Promise<IteratorResult<Update>> {
  return pull === 'timeout-per-pull' ? limitPull(iterator.next()) : iterator.next()
}

async function limitPull<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the limit of a pull struck')), LIMIT)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
