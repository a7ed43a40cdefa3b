import type { Plan } from '../types.ts'
import { viewPlan } from './view.ts'
import { groupValue, type Word } from './word.ts'

/**
 * Returns how many drawn plans compete for a plan. Almost every early plan has many new pairs, so that few plans need to compete for
 * it. The rare pairs that are left later need more.
 */
export function countCandidates(place: number): number {
  return 1 + Math.floor(place / 4)
}

/** How many of the first plans are chosen: the default number of plans of a scenario. */
export const CHOSEN = 100

/** How many pairs count as much as one value. Without this factor, a value that is in no pair would never decide. */
const PAIRS_OF_A_VALUE = 20

/**
 * Yields drawn plans. Each of the first `CHOSEN` plans is the one of some drawn plans with the most values and pairs
 * that no earlier plan has. A value or pair counts less, the more of the drawn plans have it, because it will come again. So
 * few plans reach all legal values and pairs. After that, every drawn plan comes.
 *
 * Source: Chen, Leung, Mak: Adaptive Random Testing, ASIAN 2004 (the best of a fixed number of candidates).
 */
export function* chooseByCoverage(
  words: readonly Word[],
  drawn: Iterable<Plan>,
  candidatesFor = countCandidates,
): Generator<Plan> {
  const judge = createJudge(words)
  const rest = drawn[Symbol.iterator]()
  for (let chosen = 0; chosen < CHOSEN; chosen++) {
    let best: { plan: Plan; score: number; accept(): void } | undefined
    for (let candidate = 0; candidate < candidatesFor(chosen); candidate++) {
      const next = rest.next()
      if (next.done) break
      const judged = judge(next.value)
      if (best === undefined || judged.score > best.score) best = { plan: next.value, ...judged }
    }
    if (best === undefined) return
    best.accept()
    yield best.plan
  }
  for (let next = rest.next(); !next.done; next = rest.next()) yield next.value
}

/** Returns a function that scores a drawn plan against all plans that were accepted before. */
function createJudge(words: readonly Word[]) {
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
  return (plan: Plan) => {
    const pairs = listPairs(words, plan, numberOf, most)
    let score = 0
    for (const pair of pairs) {
      const count = (drawnWith[pair] ?? 0) + 1
      drawnWith[pair] = count
      const weight = pair % (most + 1) === 0 ? PAIRS_OF_A_VALUE : 1
      if (isReached[pair] === 0) score += weight / count
    }
    return {
      score,
      accept() {
        for (const pair of pairs) isReached[pair] = 1
      },
    }
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
