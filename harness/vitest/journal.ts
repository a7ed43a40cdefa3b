import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { WORKER } from '../isolation/worker-environment.ts'

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

export function openJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true })
  const file = openSync(join(folder, `${process.env[WORKER] ?? process.pid}.journal`), 'a')
  // A worker that is killed leaves its file as it is.
  process.once('exit', (code) => {
    writeSync(file, `\n${EXIT}${code}\n`)
    closeSync(file)
  })
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

/** Reads a journal; what is cut short at its end is not there yet. */
export function readJournal(text: string): Standing {
  const standing: Standing = { executions: 0 }
  for (const line of text.split('\n')) {
    if (line.startsWith('{')) {
      const begun = begunOf(line)
      if (begun) standing.under = { ...begun, executions: 0 }
    } else if (line === END.trim()) delete standing.under
    else if (line.startsWith(EXIT)) standing.exit = Number(line.slice(EXIT.length))
    else if (line.startsWith(EXECUTION) || line.startsWith(SIGN)) {
      const begun = line.split(EXECUTION).length - 1
      standing.executions += begun
      if (standing.under) standing.under.executions += begun
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
