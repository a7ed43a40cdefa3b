import { jsonText } from '../mocks/json-text.ts'
import { writeNamedFile } from '../mocks/result-file.ts'
import { UsageError } from './exit-codes.ts'

/** Writes a value as JSON to a file, or to stdout if `file` is `-`. Throws a `UsageError` if the file cannot be written. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const text = `${jsonText(value, 2)}\n`
  if (file === '-') {
    process.stdout.write(text)
    return
  }
  try {
    await writeNamedFile(file, text)
  } catch (error) {
    throw new UsageError(`--json ${file}: cannot be written (${(error as Error).message})`)
  }
}
