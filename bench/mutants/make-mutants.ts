import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import { formatKey, type Mutant, type MutantKey } from './mutant.ts'

/** A runtime with all its mutants. Each can be switched on. */
export interface MutatedRuntime {
  name: string
  folder: string
  /** The instrumented TypeScript, by the path of the file in the folder. */
  sources: Record<string, string>
  mutants: Mutant[]
}

type Logger = ConstructorParameters<typeof Instrumenter>[0]

/** Longest text of a mutant. The text of a whole function would not help a reader. */
const MOST_TEXT = 100

/** Returns a runtime with the mutants that Stryker makes of its source. */
export async function mutateRuntime(folder: string): Promise<MutatedRuntime> {
  const name = basename(folder)
  const texts = new Map(
    listSources(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const),
  )
  const { files, mutants } = await new Instrumenter(createSilentLogger()).instrument(
    [...texts].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  )
  const seen = new Map<string, number>()
  return {
    name,
    folder,
    sources: Object.fromEntries(files.map(({ name, content }) => [name, content])),
    mutants: mutants.map(({ id, fileName, location, replacement }) => {
      const lines = (texts.get(fileName) ?? '').split('\n')
      const first: MutantKey = {
        file: fileName,
        text: (lines[location.start.line] ?? '').trim(),
        original: shorten(cutOut(lines, location)),
        mutated: shorten(replacement),
        nth: 1,
      }
      const nth = (seen.get(formatKey(first)) ?? 0) + 1
      seen.set(formatKey(first), nth)
      return { runtime: name, id, line: location.start.line + 1, ...first, nth }
    }),
  }
}

/** Returns the files of a runtime that are part of it: no tests, no defects and no variants. */
export function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => !/^(defects|variants|testing|node_modules)\//.test(file))
    .sort()
}

interface Location {
  start: { line: number; column: number }
  end: { line: number; column: number }
}

/** Returns the text between two places. Lines and columns count from 0. */
function cutOut(lines: readonly string[], { start, end }: Location): string {
  const within = lines.slice(start.line, end.line + 1)
  const last = within.length - 1
  return within
    .map((line, at) => line.slice(at === 0 ? start.column : 0, at === last ? end.column : undefined))
    .join('\n')
}

/** Returns a text on one line, cut after `MOST_TEXT` characters. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line
}

function createSilentLogger(): Logger {
  const isOff = () => false
  const ignore = () => {}
  return {
    isTraceEnabled: isOff,
    isDebugEnabled: isOff,
    isInfoEnabled: isOff,
    isWarnEnabled: isOff,
    isErrorEnabled: isOff,
    isFatalEnabled: isOff,
    trace: ignore,
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: ignore,
    fatal: ignore,
  }
}
