import type { Plan } from '../types.ts'
import { type Label, labelPair, labelValue, splitPair } from './label.ts'
import type { Universe } from './universe.ts'
import { type PlanView, viewPlan } from './view.ts'
import { groupValue, type Word } from './word.ts'

/** In how many plans each value and each pair occurs. */
export interface Counts {
  plans: number
  values: ReadonlyMap<Label, number>
  pairs: ReadonlyMap<Label, number>
}

/** Returns the values of one word in a plan, each once. Throws if the word has a value that it does not list. */
function readWord({ name, values, read }: Word, view: PlanView): string[] {
  const found = [...new Set(read(view))]
  const unknown = found.find((value) => values[value] === undefined)
  if (unknown !== undefined)
    throw new Error(
      `the word "${name}": found the value "${unknown}", expected one of ${Object.keys(values).join(', ')}`,
    )
  return found
}

/** Counts in how many plans each value, and each pair of values or groups of two words, occurs. */
export function countCoverage(words: readonly Word[], plans: Iterable<Plan>): Counts {
  const values = new Map<Label, number>()
  const pairs = new Map<Label, number>()
  let count = 0
  for (const plan of plans) {
    count++
    const view = viewPlan(plan)
    const groups: Label[][] = []
    for (const word of words) {
      const found = readWord(word, view)
      for (const value of found) addOne(values, labelValue(word.name, value))
      if (word.unpaired === undefined)
        groups.push([...new Set(found.map((value) => labelValue(word.name, groupValue(word, value))))])
    }
    for (const [place, firsts] of groups.entries())
      for (const seconds of groups.slice(place + 1))
        for (const first of firsts) for (const second of seconds) addOne(pairs, labelPair(first, second))
  }
  return { plans: count, values, pairs }
}

function addOne(counts: Map<Label, number>, label: Label): void {
  counts.set(label, (counts.get(label) ?? 0) + 1)
}

/** What is legal but did not occur, and what occurred although it is left out. */
export interface Gaps {
  values: Label[]
  /** The missing pairs, without the pairs of a value or group that is missing itself. */
  pairs: Label[]
  /** The number of missing pairs of a value or group that is missing itself. */
  impliedPairs: number
  unexpected: Label[]
}

/** Compares what occurred with what is legal. */
export function findGaps({ values, pairs, leftOut }: Universe, counts: Counts): Gaps {
  const occurred = new Set([...counts.pairs.keys()].flatMap(splitPair))
  const missing = [...pairs].filter((label) => !counts.pairs.has(label))
  const own = missing.filter((label) => splitPair(label).every((one) => occurred.has(one)))
  return {
    values: [...values].filter((label) => !counts.values.has(label)),
    pairs: own,
    impliedPairs: missing.length - own.length,
    unexpected: [...leftOut.keys()].filter((label) => counts.values.has(label) || counts.pairs.has(label)),
  }
}
