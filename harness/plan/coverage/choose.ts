import type { Plan } from '../types.ts'
import { viewPlan } from './view.ts'
import { groupValue, type Word } from './word.ts'

/**
 * How many drawn plans join the pool before each choice. A plan that was not chosen stays in the pool, so the more plans are chosen,
 * the more compete: the rare pairs that are left later need that.
 */
export const JOINING = 12

/** How many of the first plans are chosen: the default number of plans of a scenario. */
export const CHOSEN = 100

/** How many pairs count as much as one value. Without this factor, a value that is in no pair would never decide. */
const PAIRS_OF_A_VALUE = 20

/**
 * Yields drawn plans. Each of the first `CHOSEN` plans is the one of a pool of drawn plans with the most values and pairs
 * that no earlier plan has. A value or pair counts less, the more of the drawn plans have it, because it will come again. So
 * few plans reach all legal values and pairs. After that, every drawn plan comes.
 *
 * Source: Chen, Leung, Mak: Adaptive Random Testing, ASIAN 2004 (the best of some candidates).
 */
export function* chooseByCoverage(
  words: readonly Word[],
  drawn: Iterable<Plan>,
  joining = JOINING,
): Generator<Plan> {
  const square = createSquare(words)
  const pool = new Set<Candidate>()
  const rest = drawn[Symbol.iterator]()
  for (let chosen = 0; chosen < CHOSEN; chosen++) {
    for (let joined = 0; joined < joining; joined++) {
      const next = rest.next()
      if (next.done) break
      pool.add(square.add(next.value))
    }
    const best = findBest(pool, square.score)
    if (best === undefined) return
    pool.delete(best)
    square.accept(best)
    yield best.plan
  }
  for (let next = rest.next(); !next.done; next = rest.next()) yield next.value
}

/** A drawn plan, with the places of its values and pairs in the square. */
interface Candidate {
  plan: Plan
  pairs: number[]
  /** The score when it was last computed. It only falls, because pairs are reached and drawn more and more often. */
  score: number
}

/** Returns the first candidate with the highest score. */
function findBest(pool: Iterable<Candidate>, score: (candidate: Candidate) => number): Candidate | undefined {
  let best: Candidate | undefined
  for (const candidate of pool) {
    if (best !== undefined && candidate.score <= best.score) continue
    candidate.score = score(candidate)
    if (best === undefined || candidate.score > best.score) best = candidate
  }
  return best
}

/** Returns a square of all values by all values, which counts the pairs of drawn plans and knows those of chosen ones. */
function createSquare(words: readonly Word[]) {
  const numbers = new Map<string, number>()
  const most = words.reduce((sum, { values }) => sum + 2 * Object.keys(values).length, 0)
  // A value is the pair of itself with itself.
  const isReached = new Uint8Array(most * most)
  const drawnWith = new Uint32Array(most * most)
  const numberOf = (label: string) => {
    const number = numbers.get(label) ?? numbers.size
    numbers.set(label, number)
    return number
  }
  return {
    add(plan: Plan): Candidate {
      const pairs = listPairs(words, plan, numberOf, most)
      for (const pair of pairs) drawnWith[pair] = (drawnWith[pair] ?? 0) + 1
      return { plan, pairs, score: Number.POSITIVE_INFINITY }
    },
    score({ pairs }: Candidate): number {
      let score = 0
      for (const pair of pairs) {
        if (isReached[pair] !== 0) continue
        const weight = pair % (most + 1) === 0 ? PAIRS_OF_A_VALUE : 1
        score += weight / (drawnWith[pair] ?? 1)
      }
      return score
    },
    accept({ pairs }: Candidate): void {
      for (const pair of pairs) isReached[pair] = 1
    },
  }
}

/** Returns the values and pairs of a plan, each as the number of its place in a square with `most` rows. */
function listPairs(
  words: readonly Word[],
  plan: Plan,
  numberOf: (label: string) => number,
  most: number,
): number[] {
  const view = viewPlan(plan)
  const pairs: number[] = []
  const before: number[] = []
  for (const word of words) {
    const read = [...new Set(word.read(view))]
    for (const value of read) pairs.push(numberOf(`${word.name}: ${value}`) * (most + 1))
    if (word.unpaired !== undefined) continue
    const own = new Set(read.map((value) => numberOf(`${word.name} in pairs: ${groupValue(word, value)}`)))
    for (const second of own) for (const first of before) pairs.push(first * most + second)
    before.push(...own)
  }
  return pairs
}
