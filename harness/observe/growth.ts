import { getEventListeners } from 'node:events'
import type { HistoryEvent } from '../contract/events.ts'
import type { Plan } from '../plan/types.ts'
import { collectUntilFree } from './garbage.ts'

type Growth = Extract<HistoryEvent, { kind: 'growth' }>

/** Watches what ended runs leave in memory, and on the signal of their caller. Keeps nothing alive. */
export interface GrowthWatch {
  /** Call with each run that the runtime has started. */
  noteRun(run: object): void
  /** Call with each span that the runtime has started. */
  noteSpan(span: object): void
  /** Returns a fetch function that also watches the responses that the runtime receives. */
  watchResponses(real: typeof fetch): typeof fetch
  /** Call with each signal that a caller has given to its runs. */
  noteSignal(signal: AbortSignal): void
  /** Collects garbage, and returns how much is left. Returns undefined if this process cannot collect garbage. */
  measure(): Promise<Growth | undefined>
}

/**
 * Begins the watch. One object of each kind may stay for each conversation, such as its last run. `isPossible`: whether the
 * runtime is in this process, and nothing else there keeps its requests.
 */
export function watchGrowth(plan: Plan, isPossible: boolean): GrowthWatch {
  const allowed = plan.conversations.length
  const runs: WeakRef<object>[] = []
  const spans: WeakRef<object>[] = []
  const responses: WeakRef<object>[] = []
  const signals = new Set<WeakRef<AbortSignal>>()
  const countAlive = (refs: readonly WeakRef<object>[]) =>
    refs.filter((ref) => ref.deref() !== undefined).length
  const count = () => ({
    runs: countAlive(runs),
    responses: countAlive(responses),
    spans: countAlive(spans),
  })
  return {
    noteRun: (run) => void runs.push(new WeakRef(run)),
    noteSpan: (span) => void spans.push(new WeakRef(span)),
    watchResponses: (real) => async (input, init) => {
      const response = await real(input, init)
      responses.push(new WeakRef(response))
      return response
    },
    noteSignal: (signal) => void signals.add(new WeakRef(signal)),
    async measure() {
      if (!isPossible || !plan.growth || plan.mode.sabotage !== undefined) return undefined
      const countHeld = () => Math.max(...Object.values(count()))
      if (!(await collectUntilFree(countHeld, allowed))) return undefined
      return { kind: 'growth', ended: runs.length, allowed, listeners: countListeners(signals), ...count() }
    },
  }
}

/** Counts the listeners of the signals that did not fire. A signal that fired has told its listeners, which may be gone. */
function countListeners(signals: ReadonlySet<WeakRef<AbortSignal>>): number {
  const alive = [...signals].map((ref) => ref.deref())
  return alive
    .filter((signal) => signal !== undefined && !signal.aborted)
    .reduce((sum, signal) => sum + getEventListeners(signal as AbortSignal, 'abort').length, 0)
}
