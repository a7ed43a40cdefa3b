import type { History } from '../contract/events.ts'
import type { Runtime } from '../contract/runtime.ts'
import type { PlanRun } from '../explore/explore.ts'
import type { Comparison, Invariant, Violation } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'

const said = { level: 'must', statement: 'A statement.', source: 'A source.', since: '0.1.0' } as const

/** An invariant that holds unless the history has a piece of noise with this text. */
export function quietOf(id: string, word: string, needs: Invariant['needs'] = []): Invariant {
  return { ...said, id, needs, check: (history) => found(history, word) }
}

/** A comparison of a plan with its form under telemetry `off`, broken where that one has this noise. */
export function comparedOf(id: string, word: string): Comparison {
  return {
    ...said,
    id,
    needs: [],
    variants: (plan) => (plan.mode.start === 'off' ? [] : [{ ...plan, mode: { start: 'off' } }]),
    compare: (_, others) => others.flatMap((history) => found(history, word)),
  }
}

function found(history: History, word: string): Violation[] {
  return history.flatMap((event, at) =>
    event.kind === 'noise' && event.message === word ? [{ at, message: `found ${word}` }] : [],
  )
}

/** A runtime that is never run: a name and what it can do. */
export function runtimeNamed(name: string, supports: Runtime['supports'] = new Set()): Runtime {
  return {
    name,
    version: '1.0.0',
    supports,
    hooks: {},
    open: () => Promise.reject(new Error('a runtime that is never run')),
  }
}

/** Runs plans without a runtime: each history is noise. Keeps what it was asked for. */
export function noisyRun(noise: (plan: Plan, execution: number) => readonly string[]) {
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
