import { jsonDepth, MAX_DEPTH } from '../limits.ts'
import { RecordingError } from './problem.ts'

/** Parses JSON within the limits. Throws a `RecordingError` with file, place, found and expected. */
export function parseJson(text: string, file: string, place = '$'): unknown {
  const depth = jsonDepth(text)
  if (depth > MAX_DEPTH)
    throw new RecordingError({
      file,
      place,
      found: `${depth} levels of nesting`,
      expected: `at most ${MAX_DEPTH}`,
    })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RecordingError({ file, place, found: (error as Error).message, expected: 'JSON' })
  }
}

/** Decodes UTF-8. Throws for invalid bytes. */
export function decodeUtf8(bytes: Uint8Array, file: string, place = 'file'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new RecordingError({ file, place, found: 'bytes that are not valid UTF-8', expected: 'UTF-8 text' })
  }
}
