import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

/** Time and memory for exploring a number of plans with one turn, in a process that does only this. */
export interface Growth {
  plans: number
  /** Duration without the start of the process. */
  milliseconds: number
  /** Peak memory of the process, in bytes. */
  peak: number
  /** Used heap at the end, in bytes. */
  heap: number
}

const CHILD = fileURLToPath(new URL('explored-child.ts', import.meta.url))

const measured = z.strictObject({
  plans: z.number(),
  milliseconds: z.number(),
  peak: z.number(),
  heap: z.number(),
})

/** Explores each number of plans in its own process, one process after the other. */
export async function benchGrowth(counts: readonly number[]): Promise<Growth[]> {
  const grown: Growth[] = []
  for (const count of counts) {
    const flags = ['--expose-gc', '--import', 'tsx', CHILD, String(count)]
    const { stdout } = await promisify(execFile)(process.execPath, flags)
    grown.push(measured.parse(JSON.parse(stdout)))
  }
  return grown
}
