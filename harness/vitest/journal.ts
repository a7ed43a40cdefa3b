import { writeSync } from 'node:fs'
import { jsonOf } from '../../mocks/limits.ts'

/**
 * What a worker writes of its work, so that a watchdog outside it can tell what it was doing when it fell silent or
 * ended: one JSON line for whatever is begun, one character for each execution in it, another for each sign of life within
 * one, one line when all is done.
 */
export interface Journal {
  /** A case begins, or what lies between cases; it is under way until the next begins or all is done. */
  begin(runtime: string, scenario: string): void
  /** An execution begins. */
  execution(): void
  /** The harness itself is at work on the execution that began last. It is no sign of the runtime's. */
  sign(): void
  /** The worker has done all that it was asked for. */
  end(): void
}

/** A line of a journal that begins something. */
export interface Begun {
  runtime: string
  scenario: string
}

const EXECUTION = '.'
const SIGN = '+'
const END = '\nend\n'
const EXIT = 'exit '

/** The descriptor on which a worker writes its journal. The process that started the worker reads it. */
export const JOURNAL = 4

/** Opens this worker's journal. `file`: an open descriptor. */
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

/** Where a journal stands: what is under way, and how many executions of it have begun. */
export interface Standing {
  under?: Begun & { executions: number }
  /** Executions over all cases. */
  executions: number
  /** With what code the process ended by itself. */
  exit?: number
}

/** The longest line that is waited for, in UTF-16 units: what a worker writes must not fill our memory. */
const LONGEST = 1_000_000

/** Reads a journal as it comes. What is cut short at its end is not there yet. */
export class JournalReader {
  /** How much was written: while it stands still, the worker gives no sign. */
  size = 0
  readonly #standing: Standing = { executions: 0 }
  #rest = ''

  get standing(): Readonly<Standing> {
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
    this.#rest = left.length > LONGEST ? '' : left
  }

  #count(executions: number): void {
    this.#standing.executions += executions
    if (this.#standing.under) this.#standing.under.executions += executions
  }

  #take(line: string): void {
    const begun = line.startsWith('{') ? begunOf(line) : undefined
    if (begun) this.#standing.under = { ...begun, executions: 0 }
    else if (line === END.trim()) delete this.#standing.under
    else if (line.startsWith(EXIT)) this.#standing.exit = Number(line.slice(EXIT.length))
  }
}

/** A line that begins something; undefined for any other. The code under test can write into the journal, too. */
function begunOf(line: string): Begun | undefined {
  const { runtime, scenario } = (jsonOf(line) ?? {}) as { runtime?: unknown; scenario?: unknown }
  return typeof runtime === 'string' && typeof scenario === 'string' ? { runtime, scenario } : undefined
}
