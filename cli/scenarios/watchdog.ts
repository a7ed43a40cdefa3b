import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Worker } from '../../harness/isolation/workers.ts'
import type { JournalState } from '../../harness/vitest/journal.ts'
import { MOST_HEAP } from '../../harness/vitest/projects.ts'
import type { Lost } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { readUserBytes } from '../../mocks/user-file.ts'

/** Milliseconds that a plan may run before the next plan begins. A plan that yields to the event loop at all is faster. */
export const PATIENCE = { heldClock: 15_000, realTime: 120_000 } as const

/** Milliseconds to wait for the last output of a worker. A process that the worker started may keep the pipe open. */
const OUTPUT_WAIT = 1_000

/** Maximum memory of a worker and its child processes, in MB. Only the heap of a worker has a limit of its own. */
const MOST_MEMORY = 2 * MOST_HEAP

/** Watches the workers from outside, by their journals. */
export interface Watchdog {
  /** Returns the number of executions that have begun in all workers. */
  executions(): number
  /** Stops watching. Returns the plans that were running in workers that ended before their case did. */
  stop(): Promise<Lost[]>
}

export interface Watched {
  /** The workers in the order in which they start. Workers that are already in the list are not watched. */
  workers: readonly Worker[]
  /** Milliseconds. */
  patience: number
  /** Called after each look at the workers. */
  seen(): void
}

/**
 * Watches workers by their journals. Ends a worker that begins no further plan within `patience`, or that uses too much
 * memory. A runtime in an endless loop cannot be stopped from inside its process.
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
      const fate = findFate(pid, silence, patience)
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
      // Without a timer that counts, Node would end the command silently if nothing else is open.
      const early = new AbortController()
      const waited = setTimeout(OUTPUT_WAIT, undefined, { signal: early.signal }).catch(() => undefined)
      await Promise.race([Promise.all(over.map(({ closed }) => closed)), waited])
      early.abort()
      return workers.slice(first).flatMap((worker) => {
        const { standing } = worker.journal
        if (standing.under === undefined) return []
        const { scenario, executions } = standing.under
        const fate = ended.get(worker) ?? {
          how: 'died' as const,
          message: describeEnd(standing, worker.reports),
        }
        return [{ runtime: worker.runtime, scenario, execution: executions - 1, ...fate } satisfies Lost]
      })
    },
  }
}

/** Returns why a worker must be ended, or undefined if it may continue. */
function findFate(
  pid: number | undefined,
  silence: number,
  patience: number,
): Pick<Lost, 'how' | 'message'> | undefined {
  const memory = pid === undefined ? 0 : measureMemory(pid)
  if (silence > patience) {
    const held = memory > MOST_HEAP / 2 ? `, used more than ${MOST_HEAP / 2} MB of memory` : ''
    return {
      how: 'hung',
      message: `the process gave no sign for ${patience / 1000} seconds${held} and was ended`,
    }
  }
  if (memory > MOST_MEMORY)
    return { how: 'died', message: `the process used more than ${MOST_MEMORY} MB of memory and was ended` }
  return undefined
}

/** Returns how a process ended that the watchdog did not end. */
function describeEnd({ exit }: JournalState, reports: string | undefined): string {
  if (exit !== undefined) return `the process ended with exit code ${exit}`
  const [report] = reports === undefined ? [] : readTexts(reports)
  const [, event] = /"event": ?"([^"]{0,200})"/.exec(report ?? '') ?? []
  return event === undefined ? 'the process was killed' : `the process ended: ${toPrintable(event)}`
}

function readTexts(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((file) => readText(join(folder, file)))
}

/**
 * Returns the text of a file, or an empty text for anything but a regular file. A runtime can put anything into the folder.
 */
function readText(path: string): string {
  try {
    return readUserBytes(path).toString()
  } catch {
    return ''
  }
}

/** Returns the memory of a process and its child processes in MB, or 0 on a system without /proc. */
function measureMemory(pid: number): number {
  try {
    const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    const own = (Number(pages) * 4096) / 2 ** 20
    return children.reduce((sum, child) => sum + measureMemory(Number(child)), own)
  } catch {
    return 0
  }
}
