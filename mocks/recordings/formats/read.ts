import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Answer } from '../../service/types.ts'
import { readUserText } from '../../user-file.ts'
import { NoTrafficError, RecordingError } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { detectFormat, type Held } from './detect.ts'

/** The extensions of recording files. Other files in a folder are skipped. */
export const RECORDING_EXTENSIONS: ReadonlySet<string> = new Set([
  '.json',
  '.jsonl',
  '.ndjson',
  '.har',
  '.yaml',
  '.yml',
])

export interface ReadRecordings {
  /** The recordings, each with its path and the name of its format, in the order of the paths. */
  recordings: { path: string; format: string; file: RecordingFile }[]
  /** Files of formats without wire text: answers for the service. */
  scripts: { path: string; format: string; answers: Answer[] }[]
  /** One error for each file without traffic of the Responses API. Such a file is left out. */
  withoutTraffic: NoTrafficError[]
  /** One error for each file that cannot be read. The other files are read. */
  errors: RecordingError[]
}

/**
 * Reads a file, or all files in a folder and its subfolders with the extension of a known format. Symbolic links in a
 * folder are not followed.
 */
export async function readRecordings(path: string): Promise<ReadRecordings> {
  const read: ReadRecordings = { recordings: [], scripts: [], withoutTraffic: [], errors: [] }
  for (const file of await listFiles(path, read.errors)) {
    try {
      const { format, held } = await readRecordingFile(file)
      if ('answers' in held) read.scripts.push({ path: file, format, answers: held.answers })
      else for (const one of held.recordings) read.recordings.push({ path: file, format, file: one })
    } catch (error) {
      if (error instanceof NoTrafficError) read.withoutTraffic.push(error)
      else read.errors.push(toRecordingError(error, file))
    }
  }
  return read
}

/** Reads one file of any known format. */
export async function readRecordingFile(path: string): Promise<{ format: string; held: Held }> {
  const text = readUserText(path)
  const format = detectFormat(text, path)
  return { format: format.name, held: format.read(text, path) }
}

/**
 * Returns the files that a path names, sorted: the file itself, or the files below a folder with one of the extensions.
 */
export async function listFiles(
  path: string,
  errors: RecordingError[],
  extensions: ReadonlySet<string> = RECORDING_EXTENSIONS,
): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && extensions.has(extname(entry.name).toLowerCase()))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    errors.push(toRecordingError(error, path))
    return []
  }
}

/** Returns an error of reading a file as an error that names the file. */
export function toRecordingError(error: unknown, file: string): RecordingError {
  if (error instanceof RecordingError) return error
  const { code, message, name } = error as NodeJS.ErrnoException
  if (code === undefined)
    // This is a mistake of the reader. The other files are still read.
    return new RecordingError({
      file,
      place: 'file',
      found: `an error in the reader: ${name}: ${message}`,
      expected: 'no error in the reader',
    })
  const found = code === 'ENOENT' ? 'no such file or folder' : message
  return new RecordingError({ file, place: 'file', found, expected: 'a file or folder that can be read' })
}
