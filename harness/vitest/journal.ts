import { writeSync } from 'node:fs'
import { parseJsonOrUndefined } from '../../mocks/limits.ts'

/**
 * The journal of a worker. A watchdog outside the process reads it to find out what the worker was doing when it stopped
 * responding or ended. The format is one JSON line per case, one character per execution, another character per sign of life,
 * and one line at the end.
 */
export interface Journal {
  /** Records that a case begins, or the work between cases. */
  begin(runtime: string, scenario: string): void
  /** Records that an execution begins. */
  execution(): void
  /** Records that the harness works on the latest execution. The runtime has no access to this. */
  sign(): void
  /** Records that the worker has finished. */
  end(): void
}

/** A journal line for a case that begins. */
export interface Begun {
  runtime: string
  scenario: string
}

const EXECUTION = '.'
const SIGN = '+'
const END = '\nend\n'
const EXIT = 'exit '

/** The file descriptor for the journal of a worker. The parent process reads it. */
export const JOURNAL = 4

/** Opens the journal of this worker. `file` is an open file descriptor. */
export function openJournal(file: number = JOURNAL): Journal {
  process.once('exit', (code) => writeSync(file, `\n${EXIT}${code}\n`))
  return {
    begin: (runtime, scenario) =>
      void writeSync(file, `\n${JSON.stringify({ runtime, scenario } satisfies Begun)}\n`),
    execution: () => void writeSync(file, EXECUTION),
    sign: () => void writeSync(file, SIGN),
    end: () => void writeSync(file, END),
  }
}

/** The state that a journal describes. */
export interface JournalState {
  /** The case that is running, with its number of executions. */
  under?: Begun & { executions: number }
  /** Number of executions in all cases. */
  executions: number
  /** Exit code, if the process ended by itself. */
  exit?: number
}

/** Maximum length of an unfinished line, in UTF-16 units. A worker must not fill the memory of this process. */
const MOST_PENDING = 1_000_000

/** Reads a journal while it is being written. An unfinished line at the end is read later. */
export class JournalReader {
  /** Characters read so far. If the number does not change, the worker gives no sign of life. */
  size = 0
  readonly #standing: JournalState = { executions: 0 }
  #rest = ''

  get standing(): Readonly<JournalState> {
    return this.#standing
  }

  feed(text: string): void {
    this.size += text.length
    let left = this.#rest + text
    for (;;) {
      const signs = /^[.+]*/.exec(left)?.[0] ?? ''
      this.#count(signs.split(EXECUTION).length - 1)
      left = left.slice(signs.length)
      const end = left.indexOf('\n')
      if (end < 0) break
      this.#take(left.slice(0, end))
      left = left.slice(end + 1)
    }
    this.#rest = left.length > MOST_PENDING ? '' : left
  }

  #count(executions: number): void {
    this.#standing.executions += executions
    if (this.#standing.under) this.#standing.under.executions += executions
  }

  #take(line: string): void {
    const begun = line.startsWith('{') ? parseBegun(line) : undefined
    if (begun) this.#standing.under = { ...begun, executions: 0 }
    else if (line === END.trim()) delete this.#standing.under
    else if (line.startsWith(EXIT)) this.#standing.exit = Number(line.slice(EXIT.length))
  }
}

/**
 * Parses the line of a case. Returns undefined for any other line, because the runtime can write into the journal as well.
 */
function parseBegun(line: string): Begun | undefined {
  const { runtime, scenario } = (parseJsonOrUndefined(line) ?? {}) as {
    runtime?: unknown
    scenario?: unknown
  }
  return typeof runtime === 'string' && typeof scenario === 'string' ? { runtime, scenario } : undefined
}
