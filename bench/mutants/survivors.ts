import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { parseYaml } from '../../mocks/recordings/yaml.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { formatKey, type Mutant, type MutantKey } from './mutant.ts'

/**
 * A mutant that survives, with the reason. One line of a runtime's `mutants.yaml`:
 *
 *     - { status: equivalent, file: items.ts, text: 'if (ids.size > 0) …', original: ids.size > 0, mutated: 'true', why: … }
 *
 * No line number is in it, so it stays valid if lines move. `nth` (default 1) tells mutants with the same texts apart.
 */
export interface Survivor extends MutantKey {
  /**
   * `equivalent`: the mutant does the same in every plan that the contract allows. `tolerated`: it does something else, which
   * `source` allows. `open`: it does something wrong, and the harness misses it.
   */
  status: 'equivalent' | 'tolerated' | 'open'
  why: string
  /** The document that allows what a tolerated mutant does. */
  source?: string | undefined
}

const text = z.string().max(1_000)
const entries = z.array(
  z.strictObject({
    status: z.enum(['equivalent', 'tolerated', 'open']),
    file: z.string().regex(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.ts$/, 'a .ts file of the runtime'),
    text,
    original: text,
    mutated: text,
    nth: z.int().min(1).default(1),
    why: z.string().min(10).max(1_000),
    source: z.string().min(5).max(1_000).optional(),
  }),
)

/** Returns the entries of the `mutants.yaml` in a runtime's folder, or none if there is no file. Throws a `RecordingError`. */
export function readSurvivors(folder: string): Survivor[] {
  const file = join(folder, 'mutants.yaml')
  if (!existsSync(file)) return []
  const read: Survivor[] = parseBySchema(entries, parseYaml(readUserText(file), file) ?? [], file)
  const refuse = (place: string, found: string, expected: string) =>
    new RecordingError({ file, place, found, expected })
  const places = new Map<string, number>()
  for (const [place, { status, source, ...key }] of read.entries()) {
    if (status === 'tolerated' && source === undefined)
      throw refuse(`$[${place}].source`, 'nothing', 'the document that allows what the mutant does')
    const before = places.get(formatKey(key))
    if (before !== undefined)
      throw refuse(`$[${place}]`, `the mutant of $[${before}] again`, 'each mutant once, or another nth')
    places.set(formatKey(key), place)
  }
  return read
}

/** Returns the line of `mutants.yaml` for a mutant. Its status and reason are still to be written. */
export function formatEntry({ file, text, original, mutated, nth }: MutantKey): string {
  const parts = Object.entries({ file, text, original, mutated, ...(nth === 1 ? {} : { nth }) })
  const written = parts.map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return `- { status: open, ${written.join(', ')}, why: "" }`
}

/** Returns the entries that match none of the mutants. */
export function findStale(entries: readonly Survivor[], mutants: readonly Mutant[]): Survivor[] {
  const known = new Set(mutants.map(formatKey))
  return entries.filter((entry) => !known.has(formatKey(entry)))
}
