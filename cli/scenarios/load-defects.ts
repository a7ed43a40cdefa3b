/**
 * Loads the files on the command line one after the other, and writes the default export of each as a line of JSON to file
 * descriptor 3. `defect-files.ts` starts this program in its own process, because the files are code of a runtime.
 */
import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describeError } from '../../harness/contract/error-shape.ts'

for (const path of process.argv.slice(2)) writeSync(3, `${JSON.stringify(await loadFile(path))}\n`)
process.exit(0)

async function loadFile(path: string): Promise<{ value: unknown } | { problem: string }> {
  try {
    const { default: value } = (await import(pathToFileURL(path).href)) as { default?: unknown }
    return { value }
  } catch (error) {
    return { problem: describeError(error).message.slice(0, 1_000) }
  }
}
