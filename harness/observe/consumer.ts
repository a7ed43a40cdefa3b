import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'
import { checkUpdate } from '../contract/adapter-given.ts'
import { describeError, type ErrorShape } from '../contract/error-shape.ts'
import type { KeptContext, Update } from '../contract/run-outcome.ts'
import type { OtelApi, Run } from '../contract/runtime.ts'
import type { HistoryRecorder } from '../history/recorder.ts'
import type { Pull } from '../plan/types.ts'
import type { Contexts } from './contexts.ts'

/** The consumer's own place: an async context and, where the runtime has OpenTelemetry, an active span of its own. */
export interface Place {
  /** Does the work there. */
  within<T>(work: () => T): T
  /** What it holds: asked before something is done there. */
  held(): ReturnType<Contexts['held']>
  /** Whether the place is still the consumer's own, and nobody else's contexts have come into it. */
  kept(before: ReturnType<Contexts['held']>): KeptContext
}

/** A consumer's places: each is a new async context. `api` and `span` are asked for late: a runtime installs when it opens. */
export function createPlaces(
  contexts: Contexts,
  api: OtelApi | undefined,
  span: Span | undefined,
): () => Place {
  const storage = new AsyncLocalStorage<object>()
  contexts.leaveOut(storage)
  // `run` of one storage takes back that one alone: what a runtime enters would be in all places that come after.
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

/** What the consumer does beside taking updates. */
export interface Consumption {
  run: string
  pull: Pull
  /** Where the consumer is. */
  home: Place
  /** Another place. */
  place: () => Place
  /** An update has come. */
  updated(): void
  /** What the consumer waits for before it looks whether to stop, if so. */
  ready(): Promise<void> | undefined
  /** How the consumer is to stop before its next pull, if so. */
  stops(): 'return' | 'drop' | undefined
  /** Settles when the consumer is to leave a pull that does not come back. */
  dropped: Promise<'dropped'> | undefined
}

/** Longer than any bound: a limit on a pull that does not strike. */
const LIMIT = 24 * 60 * 60 * 1000

/** Takes a run's updates at home, in the plan's own way; they go into the history. Tells how the taking ended. */
export async function readUpdates(
  { updates, kept: keptThere, drop }: Pick<Run, 'updates' | 'kept' | 'drop'>,
  consumption: Consumption,
  { add }: HistoryRecorder,
): Promise<'ended' | 'returned' | 'dropped'> {
  const { run, pull, home, place, updated, ready, stops, dropped } = consumption
  let here = home
  const iterator = updates[Symbol.asyncIterator]()
  // Whether the runtime has let a context of its own slip into the consumer's.
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
      return 'returned'
    }
    if (pull === 'new-context-per-pull' || (pull === 'handed-over-midway' && taken === 1)) here = place()
    const came = await (here === home && !strayed ? pulled() : here.within(pulled))
    if (came === 'dropped') {
      drop?.()
      return 'dropped'
    }
    // The stream's error is the outcome's, too.
    if (came === 'failed' || came.done) return 'ended'
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
