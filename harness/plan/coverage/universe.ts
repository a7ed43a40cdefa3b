import type { Capability } from '../../contract/runtime.ts'
import { type Label, type LeavesOut, labelPair, labelValue } from './label.ts'
import { type PairRule, pairRules } from './pair-rules.ts'
import { groupValue, type Word } from './word.ts'

/** What plans can reach: the legal values, and the legal pairs of values or of their groups. */
export interface Universe {
  words: readonly Word[]
  values: ReadonlySet<Label>
  pairs: ReadonlySet<Label>
  /** The values and pairs that are left out, with the reasons. */
  leftOut: ReadonlyMap<Label, string>
}

/**
 * Returns what the plans of a scenario can reach for a runtime with the capabilities `supports`. Throws if `leavesOut` names
 * a word, a value or a pair that does not exist.
 */
export function buildUniverse(
  words: readonly Word[],
  supports: ReadonlySet<Capability>,
  leavesOut: LeavesOut = {},
  rules: readonly PairRule[] = pairRules,
): Universe {
  refuseUnknownLabels(words, leavesOut)
  const leftOut = new Map<Label, string>()
  const values = new Set<Label>()
  for (const { name, values: all } of words)
    for (const [value, needs] of Object.entries(all)) {
      const lacking = needs.filter((need) => !supports.has(need))
      const why =
        leavesOut[name] ??
        leavesOut[labelValue(name, value)] ??
        (lacking.length > 0 ? `the runtime does not declare ${lacking.join(', ')}` : undefined)
      if (why === undefined) values.add(labelValue(name, value))
      else leftOut.set(labelValue(name, value), why)
    }
  const pairs = new Set<Label>()
  for (const [first, second] of listPairs(words, values)) {
    const label = labelPair(first, second)
    const rule = rules.find((one) => one.excludes(first, second, values))
    const why = leavesOut[label] ?? rule?.why
    if (why === undefined) pairs.add(label)
    else leftOut.set(label, why)
  }
  return { words, values, pairs, leftOut }
}

/** Throws if a label is no word, no value and no pair. */
function refuseUnknownLabels(words: readonly Word[], leavesOut: LeavesOut): void {
  const values = words.flatMap(({ name, values }) =>
    Object.keys(values).map((value) => labelValue(name, value)),
  )
  const pairs = [...listPairs(words, new Set(values))].map(([first, second]) => labelPair(first, second))
  const known = new Set([...words.map(({ name }) => name), ...values, ...pairs])
  for (const label of Object.keys(leavesOut))
    if (!known.has(label))
      throw new Error(
        `leavesOut: found "${label}", expected a word (${words.map(({ name }) => name).join(', ')}), a value as "stop: abort", or a pair as "stop: abort + pull: final-only" in the order of the words`,
      )
}

function* listPairs(words: readonly Word[], values: ReadonlySet<Label>): Generator<[Label, Label]> {
  const paired = words
    .filter(({ unpaired }) => unpaired === undefined)
    .map((word) => [
      ...new Set(
        Object.keys(word.values)
          .filter((value) => values.has(labelValue(word.name, value)))
          .map((value) => labelValue(word.name, groupValue(word, value))),
      ),
    ])
  for (const [place, firsts] of paired.entries())
    for (const seconds of paired.slice(place + 1))
      for (const first of firsts) for (const second of seconds) yield [first, second]
}
