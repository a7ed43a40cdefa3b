import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

/** What exploring so many plans of one turn took, in a process of its own. */
export interface Growth {
  plans: number
  /** Milliseconds, without the start of the process. */
  milliseconds: number
  /** Its memory at its largest, and the heap that is left in use when all is done; in bytes. */
  peak: number
  heap: number
}

const CHILD = fileURLToPath(new URL('explored-child.ts', import.meta.url))

const measured = z.strictObject({
  plans: z.number(),
  milliseconds: z.number(),
  peak: z.number(),
  heap: z.number(),
})

/** Explores each number of plans in a process of its own, one after the other. */
export async function benchGrowth(counts: readonly number[]): Promise<Growth[]> {
  const grown: Growth[] = []
  for (const count of counts) {
    const flags = ['--expose-gc', '--import', 'tsx', CHILD, String(count)]
    const { stdout } = await promisify(execFile)(process.execPath, flags)
    grown.push(measured.parse(JSON.parse(stdout)))
  }
  return grown
}
