import pc from 'picocolors'
import type { Counts, Gaps } from '../harness/plan/coverage/count.ts'
import { labelValue } from '../harness/plan/coverage/label.ts'
import type { Universe } from '../harness/plan/coverage/universe.ts'
import { countWithNoun } from './count-with-noun.ts'

/** What the generated plans of one scenario reach. */
export interface ScenarioCoverage {
  scenario: string
  universe: Universe
  counts: Counts
  gaps: Gaps
}

/** Maximum number of missing pairs that are printed. */
const MOST_MISSING = 10

/** Returns a table of the words of each scenario: how many plans have each value, and which values and pairs are missing. */
export function formatCoverage(all: readonly ScenarioCoverage[]): string {
  return all.map(formatScenario).join('\n')
}

function formatScenario({ scenario, universe, counts, gaps }: ScenarioCoverage): string {
  const width = Math.max(...universe.words.map(({ name }) => name.length))
  const rows = universe.words.flatMap(({ name, values }) => {
    const shown = Object.keys(values).filter((value) => universe.values.has(labelValue(name, value)))
    const cells = shown.map((value) => formatCell(value, counts.values.get(labelValue(name, value)) ?? 0))
    return cells.length === 0 ? [] : [`  ${name.padEnd(width)}  ${cells.join('   ')}`]
  })
  return `${[
    `${pc.bold(scenario)} (${countWithNoun(counts.plans, 'plan')})`,
    ...rows,
    `  ${formatReached('values', universe.values.size, gaps.values)}`,
    `  ${formatReached('pairs', universe.pairs.size, gaps.pairs, gaps.impliedPairs)}`,
    ...gaps.unexpected.map((label) =>
      pc.red(`  occurs although it is left out: ${label} (${universe.leftOut.get(label)})`),
    ),
  ].join('\n')}\n`
}

function formatCell(value: string, count: number): string {
  const cell = `${value} ${count}`
  return count === 0 ? pc.red(cell) : cell
}

function formatReached(what: string, legal: number, missing: readonly string[], implied = 0): string {
  const reached = `${what}: ${legal - missing.length - implied} of ${legal} legal`
  if (missing.length + implied === 0) return pc.green(reached)
  const shown = missing.slice(0, MOST_MISSING)
  const more = missing.length - shown.length
  return pc.yellow(
    `${reached}; missing: ${[
      ...shown,
      ...(more > 0 ? [`and ${more} more (--json lists all)`] : []),
      ...(implied > 0 ? [`and ${implied} pairs of missing values`] : []),
    ].join('; ')}`,
  )
}

/** Returns the coverage as JSON. */
export function buildCoverageJson({ scenario, universe, counts, gaps }: ScenarioCoverage) {
  return {
    scenario,
    plans: counts.plans,
    words: universe.words.map(({ name, values, unpaired = null }) => ({
      name,
      unpaired,
      values: Object.keys(values).flatMap((value) => {
        const label = labelValue(name, value)
        return universe.values.has(label) ? [{ value, plans: counts.values.get(label) ?? 0 }] : []
      }),
    })),
    values: { legal: universe.values.size, missing: gaps.values },
    pairs: { legal: universe.pairs.size, missing: gaps.pairs, ofMissingValues: gaps.impliedPairs },
    leftOut: Object.fromEntries(universe.leftOut),
    unexpected: gaps.unexpected,
  }
}
