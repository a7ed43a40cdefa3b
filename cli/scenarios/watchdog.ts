import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal, type Standing } from '../../harness/vitest/journal.ts'
import { HEAP } from '../../harness/vitest/projects.ts'
import type { Lost } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'

/** How long a plan may run without the next one beginning, in milliseconds: none takes so long that gives way at all. */
export const PATIENCE = { held: 15_000, http: 120_000 } as const

/** The most that a worker may hold in all, in MB: its heap is bounded, what lies beside it is not. */
const MOST_MEMORY = 2 * HEAP

/** What watches the workers from outside, by their journals. */
export interface Watchdog {
  /** Executions that have begun, over all workers. */
  executions(): number
  /** What was under way in workers that ended, or were ended, before its case did. Stops the watching. */
  stop(): Lost[]
}

export interface Watched {
  /** The folder of the journals. */
  journals: string
  /** The folder of Node's reports of fatal errors. */
  reports: string
  /** In milliseconds. */
  patience: number
  seen(): void
}

/**
 * Watches the journals in a folder. A worker that begins no further plan within `patience`, or that holds too much
 * memory, is ended by its id: a runtime that loops cannot end by itself, and no limit inside its process can stop it.
 */
export function watchJournals({ journals, reports, patience, seen }: Watched): Watchdog {
  const signs = new Map<string, { size: number; since: number }>()
  const ended = new Map<string, Pick<Lost, 'how' | 'message'>>()
  let executions = 0
  const look = () => {
    executions = 0
    for (const [file, text] of textsIn(journals)) {
      const standing = readJournal(text)
      executions += standing.executions
      const before = signs.get(file)
      if (before?.size !== text.length) signs.set(file, { size: text.length, since: performance.now() })
      if (standing.under === undefined || ended.has(file)) continue
      const fate = fateOf(standing.under.pid, performance.now() - (signs.get(file)?.since ?? 0), patience)
      if (fate && end(standing.under.pid)) ended.set(file, fate)
    }
    seen()
  }
  const timer = setInterval(look, 200)
  return {
    executions: () => executions,
    stop() {
      clearInterval(timer)
      look()
      return [...textsIn(journals)].flatMap(([file, text]) => {
        const standing = readJournal(text)
        if (standing.under === undefined) return []
        const { runtime, scenario, pid, executions } = standing.under
        const fate = ended.get(file) ?? { how: 'died' as const, message: endOf(standing, pid, reports) }
        return [{ runtime, scenario, execution: executions - 1, ...fate } satisfies Lost]
      })
    },
  }
}

/** Whether a worker is to be ended, and what is said of it. */
function fateOf(pid: number, silence: number, patience: number): Pick<Lost, 'how' | 'message'> | undefined {
  const memory = memoryOf(pid)
  if (silence > patience) {
    const held = memory > HEAP / 2 ? `, held more than ${HEAP / 2} MB of memory` : ''
    return { how: 'hung', message: `gave no sign for ${patience / 1000} seconds${held} and was ended` }
  }
  if (memory > MOST_MEMORY)
    return { how: 'died', message: `the process held more than ${MOST_MEMORY} MB of memory and was ended` }
  return undefined
}

/** How a process ended that nobody ended. */
function endOf({ exit }: Standing, pid: number, reports: string): string {
  if (exit !== undefined) return `the process ended with exit code ${exit}`
  const [, report] = textsIn(reports).find(([name]) => name.split('.').includes(String(pid))) ?? []
  const [, event] = /"event": ?"([^"]{0,200})"/.exec(report ?? '') ?? []
  return event === undefined ? 'the process was killed' : `the process ended: ${printable(event)}`
}

function textsIn(folder: string): [string, string][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')])
}

/** What a process holds in memory, in MB, where the system tells it as a file. */
function memoryOf(pid: number): number {
  try {
    const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
    return (Number(pages) * 4096) / 2 ** 20
  } catch {
    return 0
  }
}

/** Whether there was a process to end. */
function end(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself meanwhile.
    return false
  }
}
