/**
 * Loads the files that are named on the command line, one after the other, and writes what each exports by default as a
 * line of JSON to descriptor 3. `defect-files.ts` starts it in a process of its own, for the files are code of a runtime's.
 */
import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { errorShape } from '../../harness/contract/error-shape.ts'

for (const path of process.argv.slice(2)) writeSync(3, `${JSON.stringify(await loaded(path))}\n`)
process.exit(0)

async function loaded(path: string): Promise<{ value: unknown } | { problem: string }> {
  try {
    const { default: value } = (await import(pathToFileURL(path).href)) as { default?: unknown }
    return { value }
  } catch (error) {
    return { problem: errorShape(error).message.slice(0, 1_000) }
  }
}
