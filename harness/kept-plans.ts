import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCounterexample } from './counterexample.ts'
import type { Plan } from './plan/types.ts'

/**
 * The plans that a folder keeps, by the names of their files: each `NAME.json` is a plan, or a counterexample as `conform`
 * writes it. Throws a `RecordingError` for a file that is neither.
 */
export function keptPlans(folder: URL): Record<string, Plan> {
  const path = fileURLToPath(folder)
  const files = readdirSync(path)
    .filter((file) => file.endsWith('.json'))
    .sort()
  return Object.fromEntries(
    files.map((file) => {
      const { plan } = readCounterexample(readFileSync(join(path, file), 'utf8'), file)
      return [basename(file, '.json'), plan]
    }),
  )
}
