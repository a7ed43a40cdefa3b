import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const CHILD = fileURLToPath(new URL('verdicts-child.ts', import.meta.url))

/** How often each list of verdicts occurred for one seed. */
export interface SameVerdicts {
  processes: number
  times: number
  /** Number of occurrences of each list, by its SHA-256. */
  lists: Record<string, number>
}

/** Checks the reference runtime with one seed, `times` times in each of `processes` new processes. */
export async function compareVerdicts(
  processes: number,
  times: number,
  { seed = 1, runs = 10 } = {},
): Promise<SameVerdicts> {
  const lists: Record<string, number> = {}
  let left = processes
  const worker = async () => {
    while (left-- > 0) {
      const args = ['--expose-gc', '--import', 'tsx', CHILD, String(seed), String(runs), String(times)]
      const env = { ...process.env, NODE_ENV: 'production' }
      const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1e8 })
      for (const list of stdout.trim().split('\n')) lists[list] = (lists[list] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: Math.min(processes, availableParallelism()) }, worker))
  return { processes, times, lists }
}
