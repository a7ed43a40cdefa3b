import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Worker } from '../../harness/isolation/workers.ts'
import type { Standing } from '../../harness/vitest/journal.ts'
import { HEAP } from '../../harness/vitest/projects.ts'
import type { Lost } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
import { readUserBytes } from '../../mocks/user-file.ts'

/** How long a plan may run without the next one beginning, in milliseconds: none takes so long that gives way at all. */
export const PATIENCE = { held: 15_000, http: 120_000 } as const

/** How long the last that a worker wrote is waited for, in milliseconds: something that it started may hold the pipe. */
const LAST_WORDS = 1_000

/** The most that a worker and what it started may hold in all, in MB: a worker's heap is bounded, the rest is not. */
const MOST_MEMORY = 2 * HEAP

/** What watches the workers from outside, by their journals. */
export interface Watchdog {
  /** Executions that have begun, over all workers. */
  executions(): number
  /** What was under way in workers that ended, or were ended, before its case did. Stops the watching. */
  stop(): Promise<Lost[]>
}

export interface Watched {
  /** The workers that are started, the earlier ones first. Those that are there already are not watched. */
  workers: readonly Worker[]
  /** In milliseconds. */
  patience: number
  seen(): void
}

/**
 * Watches workers by their journals. One that begins no further plan within `patience`, or that holds too much memory,
 * is ended: a runtime that loops cannot end by itself, and no limit inside its process can stop it.
 */
export function watchWorkers({ workers, patience, seen }: Watched): Watchdog {
  const first = workers.length
  const signs = new Map<Worker, { size: number; since: number }>()
  const ended = new Map<Worker, Pick<Lost, 'how' | 'message'>>()
  const executions = () =>
    workers.slice(first).reduce((sum, { journal }) => sum + journal.standing.executions, 0)
  const look = () => {
    for (const worker of workers.slice(first)) {
      const { journal, pid } = worker
      const before = signs.get(worker)
      if (before?.size !== journal.size) signs.set(worker, { size: journal.size, since: performance.now() })
      if (journal.standing.under === undefined || ended.has(worker)) continue
      const silence = performance.now() - (signs.get(worker)?.since ?? 0)
      const fate = fateOf(pid, silence, patience)
      if (fate && worker.end()) ended.set(worker, fate)
    }
    seen()
  }
  const timer = setInterval(look, 200)
  return {
    executions,
    async stop() {
      clearInterval(timer)
      look()
      const over = workers.slice(first).filter(({ pid }) => pid === undefined)
      // A timer that is left over must not keep the command from ending.
      const waited = setTimeout(LAST_WORDS, undefined, { ref: false })
      await Promise.race([Promise.all(over.map(({ closed }) => closed)), waited])
      return workers.slice(first).flatMap((worker) => {
        const { standing } = worker.journal
        if (standing.under === undefined) return []
        const { scenario, executions } = standing.under
        const fate = ended.get(worker) ?? { how: 'died' as const, message: endOf(standing, worker.reports) }
        return [{ runtime: worker.runtime, scenario, execution: executions - 1, ...fate } satisfies Lost]
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
  const [report] = reports === undefined ? [] : textsIn(reports)
  const [, event] = /"event": ?"([^"]{0,200})"/.exec(report ?? '') ?? []
  return event === undefined ? 'the process was killed' : `the process ended: ${printable(event)}`
}

function textsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((file) => textOf(join(folder, file)))
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
