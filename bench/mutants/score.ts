import type { MeasuredMutant } from './measure-mutants.ts'
import { formatKey, type Killed } from './mutant.ts'
import { formatEntry, type Survivor } from './survivors.ts'

/** A mutant in the result of `conform mutate`. */
export interface JudgedMutant {
  runtime: string
  /** The path in the project. */
  file: string
  line: number
  original: string
  mutated: string
  /** `survived`: no plan killed it, and `mutants.yaml` does not say that it is equivalent or tolerated. */
  status: 'killed' | 'survived' | 'equivalent' | 'tolerated'
  /** What killed it. */
  by: Killed | null
  /** The number of plans until it was killed, or in all. */
  plans: number
  /** The number of plans that reach it. Only if it was not killed. */
  reached?: number
  /** The rules of level should that it breaks. Only if it was not killed. */
  shoulds?: string[]
  /** The reason in `mutants.yaml`. */
  why?: string
  /** Set if `mutants.yaml` and the measurement do not fit: what is wrong, and what to do. */
  problem?: string
}

export interface Score {
  killed: number
  /** Killed by a broken must. The others are refused, because the runtime cannot be loaded or its adapter breaks its contract. */
  killedByMust: number
  survived: number
  tolerated: number
  equivalent: number
  /** The part of the mutants that are not equivalent that was killed. From 0 to 1. */
  score: number
}

/**
 * An open mutant that takes more plans than this may be killed, and still be listed: runs with fewer plans need its entry.
 * `cli/mutate.slow.test.ts` runs this number of plans.
 */
export const FEW_PLANS = 60

/** Returns what is to be said of a measured mutant. `entries`: the `mutants.yaml` of its runtime. */
export function judgeMutant({ mutant, tried }: MeasuredMutant, entries: readonly Survivor[]): JudgedMutant {
  const entry = entries.find((one) => formatKey(one) === formatKey(mutant))
  const { runtime, file, line, original, mutated } = mutant
  const said = { runtime, file: `runtimes/${runtime}/${file}`, line, original, mutated }
  const why = entry === undefined ? {} : { why: entry.why }
  if (tried.killed !== null) {
    const isRare = entry?.status === 'open' && tried.plans > FEW_PLANS
    const problem =
      entry === undefined || isRare
        ? {}
        : { problem: `mutants.yaml calls it ${entry.status}; remove the entry` }
    return { ...said, status: 'killed', by: tried.killed, plans: tried.plans, ...why, ...problem }
  }
  const status = entry === undefined || entry.status === 'open' ? 'survived' : entry.status
  const problem =
    entry === undefined
      ? { problem: `it is not in mutants.yaml; judge it and add: ${formatEntry(mutant)}` }
      : {}
  const { plans, reached, shoulds } = tried
  return { ...said, status, by: null, plans, reached, shoulds, ...why, ...problem }
}

export function computeScore(mutants: readonly JudgedMutant[]): Score {
  const count = (of: JudgedMutant['status']) => mutants.filter(({ status }) => status === of).length
  const refused = mutants.filter(({ by }) => by !== null && by.invariant === undefined).length
  const killed = count('killed')
  const equivalent = count('equivalent')
  return {
    killed,
    killedByMust: killed - refused,
    survived: count('survived'),
    tolerated: count('tolerated'),
    equivalent,
    score: mutants.length === equivalent ? 1 : killed / (mutants.length - equivalent),
  }
}
