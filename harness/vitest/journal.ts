import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a worker writes of its work, so that a watchdog outside it can tell what it was doing when it fell silent or
 * ended: one JSON line for each case begun, one character for each execution in it, one line for its end.
 */
export interface Journal {
  begin(runtime: string, scenario: string): void
  /** An execution begins. */
  execution(): void
  end(): void
}

/** A line of a journal that begins a case. */
export interface Begun {
  pid: number
  runtime: string
  scenario: string
}

export const EXECUTION = '.'
export const END = '\nend\n'

export function openJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true })
  const file = openSync(join(folder, `${process.pid}.journal`), 'a')
  // A worker that ends in any way leaves its file as it is.
  process.once('exit', () => closeSync(file))
  return {
    begin: (runtime, scenario) =>
      void writeSync(file, `${JSON.stringify({ pid: process.pid, runtime, scenario } satisfies Begun)}\n`),
    execution: () => void writeSync(file, EXECUTION),
    end: () => void writeSync(file, END),
  }
}

/** Where a journal stands: the case that is under way, and how many executions of it have begun. */
export interface Standing {
  under?: Begun & { executions: number }
  /** Executions over all cases. */
  executions: number
}

/** Reads a journal; what is cut short at its end is not there yet. */
export function readJournal(text: string): Standing {
  const standing: Standing = { executions: 0 }
  for (const line of text.split('\n')) {
    if (line.startsWith('{')) {
      const begun = begunOf(line)
      if (begun) standing.under = { ...begun, executions: 0 }
    } else if (line === 'end') delete standing.under
    else {
      standing.executions += line.length
      if (standing.under) standing.under.executions += line.length
    }
  }
  return standing
}

function begunOf(line: string): Begun | undefined {
  try {
    return JSON.parse(line) as Begun
  } catch {
    return undefined
  }
}
