import { checkStream, type StreamOptions } from '../grammar/stream.ts'
import type { StreamEvent } from '../grammar/types.ts'
import { createRandom, listMutants, type Mutant } from './mutants.ts'
import { findExplanation } from './survivors.ts'

export interface MutationRow {
  mutants: number
  rejected: number
  /** The number of mutants that break no rule, by the class that explains them. */
  survivors: Record<string, number>
}

export interface MutationRun {
  /** The results by kind of mutation. */
  rows: Record<string, MutationRow>
  total: number
  rejected: number
  /** Survivors without an explanation: gaps of the grammar. */
  unexplained: string[]
}

export interface NamedStream {
  name: string
  events: readonly StreamEvent[]
  options: StreamOptions
}

/** Checks every mutant of legal streams. */
export function runMutations(streams: readonly NamedStream[], seed: number): MutationRun {
  const random = createRandom(seed)
  const run: MutationRun = { rows: {}, total: 0, rejected: 0, unexplained: [] }
  for (const stream of streams) {
    const quirks = new Set(checkStream(stream.events, stream.options).quirks.map(({ quirk }) => quirk))
    for (const mutant of listMutants(stream.events, random)) count(run, stream, quirks, mutant)
  }
  return run
}

function count(
  run: MutationRun,
  { name, events, options }: NamedStream,
  quirks: ReadonlySet<string>,
  mutant: Mutant,
): void {
  run.rows[mutant.kind] ??= { mutants: 0, rejected: 0, survivors: {} }
  const row = run.rows[mutant.kind] as MutationRow
  row.mutants++
  run.total++
  const found = checkStream(mutant.events, options)
  if (found.breaches.length > 0) {
    row.rejected++
    run.rejected++
    return
  }
  const newQuirks = found.quirks.map(({ quirk }) => quirk).filter((quirk) => !quirks.has(quirk))
  const known = findExplanation({ mutant, original: events, quirks, newQuirks })
  if (known) row.survivors[known] = (row.survivors[known] ?? 0) + 1
  else run.unexplained.push(`${name}: ${mutant.kind} at ${mutant.at}, ${mutant.type}`)
}

/** Returns the results as a Markdown table. */
export function formatMutationTable({ rows }: MutationRun): string {
  const lines = Object.entries(rows).map(([kind, { mutants, rejected, survivors }]) => {
    const why = Object.entries(survivors).map(([id, times]) => `${times} ${id}`)
    return `| ${kind} | ${mutants} | ${rejected} | ${why.join(', ') || '–'} |`
  })
  return ['| mutation | mutants | rejected | survivors |', '|---|--:|--:|---|', ...lines].join('\n')
}
