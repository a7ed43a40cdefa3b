import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Workers } from '../../harness/isolation/workers.ts'
import { readJournal, type Standing } from '../../harness/vitest/journal.ts'
import { HEAP } from '../../harness/vitest/projects.ts'
import type { Lost } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
import { readUserBytes } from '../../mocks/user-file.ts'

/** How long a plan may run without the next one beginning, in milliseconds: none takes so long that gives way at all. */
export const PATIENCE = { held: 15_000, http: 120_000 } as const

/** The most that a worker and what it started may hold in all, in MB: a worker's heap is bounded, the rest is not. */
const MOST_MEMORY = 2 * HEAP

/** What watches the workers from outside, by their journals. */
export interface Watchdog {
  /** Executions that have begun, over all workers. */
  executions(): number
  /** What was under way in workers that ended, or were ended, before its case did. Stops the watching. */
  stop(): Lost[]
}

export interface Watched {
  /** The folder of the journals, each `NUMBER.journal` for a worker's number. */
  journals: string
  /** The processes that may be ended: a journal of any other number is nobody's. */
  workers: Pick<Workers, 'pid' | 'end' | 'reportsOf'>
  /** In milliseconds. */
  patience: number
  seen(): void
}

/**
 * Watches the journals in a folder. A worker that begins no further plan within `patience`, or that holds too much
 * memory, is ended: a runtime that loops cannot end by itself, and no limit inside its process can stop it.
 */
export function watchJournals({ journals, workers, patience, seen }: Watched): Watchdog {
  const signs = new Map<string, { size: number; since: number }>()
  const ended = new Map<string, Pick<Lost, 'how' | 'message'>>()
  let executions = 0
  const look = () => {
    executions = 0
    for (const [worker, text] of journalsIn(journals)) {
      const standing = readJournal(text)
      executions += standing.executions
      const before = signs.get(worker)
      if (before?.size !== text.length) signs.set(worker, { size: text.length, since: performance.now() })
      if (standing.under === undefined || ended.has(worker)) continue
      const silence = performance.now() - (signs.get(worker)?.since ?? 0)
      const fate = fateOf(workers.pid(worker), silence, patience)
      if (fate && workers.end(worker)) ended.set(worker, fate)
    }
    seen()
  }
  const timer = setInterval(look, 200)
  return {
    executions: () => executions,
    stop() {
      clearInterval(timer)
      look()
      return [...journalsIn(journals)].flatMap(([worker, text]) => {
        const standing = readJournal(text)
        if (standing.under === undefined) return []
        const { runtime, scenario, executions } = standing.under
        const how = { how: 'died' as const, message: endOf(standing, workers.reportsOf(worker)) }
        return [
          { runtime, scenario, execution: executions - 1, ...(ended.get(worker) ?? how) } satisfies Lost,
        ]
      })
    },
  }
}

/** Whether a worker is to be ended, and what is said of it. */
function fateOf(
  pid: number | undefined,
  silence: number,
  patience: number,
): Pick<Lost, 'how' | 'message'> | undefined {
  const memory = pid === undefined ? 0 : memoryOf(pid)
  if (silence > patience) {
    const held = memory > HEAP / 2 ? `, held more than ${HEAP / 2} MB of memory` : ''
    return { how: 'hung', message: `gave no sign for ${patience / 1000} seconds${held} and was ended` }
  }
  if (memory > MOST_MEMORY)
    return { how: 'died', message: `the process held more than ${MOST_MEMORY} MB of memory and was ended` }
  return undefined
}

/** How a process ended that nobody ended. */
function endOf({ exit }: Standing, reports: string | undefined): string {
  if (exit !== undefined) return `the process ended with exit code ${exit}`
  const [[, report] = []] = reports === undefined ? [] : textsIn(reports)
  const [, event] = /"event": ?"([^"]{0,200})"/.exec(report ?? '') ?? []
  return event === undefined ? 'the process was killed' : `the process ended: ${printable(event)}`
}

/** The journals by their workers' numbers. */
function journalsIn(folder: string): [string, string][] {
  return textsIn(folder)
    .filter(([file]) => /^\d+\.journal$/.test(file))
    .map(([file, text]) => [basename(file, '.journal'), text])
}

function textsIn(folder: string): [string, string][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((file) => [file, textOf(join(folder, file))])
}

/** A runtime can put anything into the folder: what is no regular file says nothing. */
function textOf(path: string): string {
  try {
    return readUserBytes(path).toString()
  } catch {
    return ''
  }
}

/** What a process and all that it started hold in memory, in MB, where the system tells it as files. */
function memoryOf(pid: number): number {
  try {
    const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    const own = (Number(pages) * 4096) / 2 ** 20
    return children.reduce((sum, child) => sum + memoryOf(Number(child)), own)
  } catch {
    return 0
  }
}
