import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from '../../harness/vitest/journal.ts'
import type { Lost } from '../../harness/vitest/settings.ts'

/** How long a plan may run without the next one beginning, in milliseconds: none takes so long that gives way at all. */
export const PATIENCE = { held: 15_000, http: 120_000 } as const

/** What watches the workers from outside, by their journals. */
export interface Watchdog {
  /** Executions that have begun, over all workers. */
  executions(): number
  /** What was under way in workers that ended, or were ended, before its case did. Stops the watching. */
  stop(): Lost[]
}

/**
 * Watches the journals in a folder. A worker that begins no further plan within `patience` milliseconds is ended by its
 * id: a runtime that loops cannot end by itself, and no limit inside its process can stop it.
 */
export function watchJournals(folder: string, patience: number, seen: () => void): Watchdog {
  const signs = new Map<string, { size: number; since: number }>()
  const ended = new Set<string>()
  let executions = 0
  const look = () => {
    executions = 0
    for (const [file, text] of journals(folder)) {
      const standing = readJournal(text)
      executions += standing.executions
      const before = signs.get(file)
      if (before?.size !== text.length) signs.set(file, { size: text.length, since: performance.now() })
      else if (standing.under && performance.now() - before.since > patience && !ended.has(file)) {
        ended.add(file)
        end(standing.under.pid)
      }
    }
    seen()
  }
  const timer = setInterval(look, 200)
  return {
    executions: () => executions,
    stop() {
      clearInterval(timer)
      look()
      return [...journals(folder)].flatMap(([file, text]) => {
        const { under } = readJournal(text)
        if (under === undefined) return []
        const how = ended.has(file) ? 'hung' : 'died'
        const seconds = patience / 1000
        const message =
          how === 'hung' ? `gave no sign for ${seconds} seconds and was ended` : 'the process ended'
        const { runtime, scenario } = under
        return [{ runtime, scenario, execution: under.executions - 1, how, message } satisfies Lost]
      })
    },
  }
}

function journals(folder: string): [string, string][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')])
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself meanwhile.
  }
}
