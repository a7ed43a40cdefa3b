import type { History } from '../contract/events.ts'
import type { Runtime } from '../contract/runtime.ts'
import type { PlanRun } from '../explore/run-plan.ts'
import type { Comparison, Invariant, Violation } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'

const said = { level: 'must', statement: 'A statement.', source: 'A source.', since: '0.1.0' } as const

/** Returns an invariant that is broken if the history has noise with this text. */
export function createNoWordInvariant(id: string, word: string, needs: Invariant['needs'] = []): Invariant {
  return { ...said, id, needs, check: (history) => findWord(history, word), countWitnesses: () => 1 }
}

/** Returns a comparison with telemetry `off`. It is broken if that run has noise with this text. */
export function createNoWordComparison(id: string, word: string): Comparison {
  return {
    ...said,
    id,
    needs: [],
    variants: (plan) => (plan.mode.start === 'off' ? [] : [{ ...plan, mode: { start: 'off' } }]),
    compare: (_, others) => others.flatMap((history) => findWord(history, word)),
    countWitnesses: (_, others) => others.length,
  }
}

function findWord(history: History, word: string): Violation[] {
  return history.flatMap((event, at) =>
    event.kind === 'noise' && event.message === word ? [{ at, message: `found ${word}`, cause: word }] : [],
  )
}

/** Returns a runtime that is never run: a name and capabilities. */
export function createNamedRuntime(name: string, supports: Runtime['supports'] = new Set()): Runtime {
  return {
    name,
    version: '1.0.0',
    supports,
    hooks: {},
    open: () => Promise.reject(new Error('a runtime that is never run')),
  }
}

/**
 * Returns a function that runs plans without a runtime. Each history is only noise. It keeps the plans it was given.
 */
export function createNoisyRun(noise: (plan: Plan, execution: number) => readonly string[]) {
  const asked: Plan[] = []
  return {
    asked,
    run: async (plan: Plan): Promise<PlanRun> => {
      const history: History = noise(plan, asked.length).map((message) => ({
        kind: 'noise',
        what: 'stderr',
        message,
      }))
      asked.push(plan)
      return { history }
    },
  }
}
