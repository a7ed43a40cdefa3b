import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Answer } from '../../service/types.ts'
import { readUserText } from '../../user-file.ts'
import { RecordingError } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { detectFormat, type Held } from './detect.ts'

/** Files with these extensions are looked at in a folder. */
export const RECORDING_EXTENSIONS: ReadonlySet<string> = new Set(['.json', '.har', '.yaml', '.yml'])

export interface ReadRecordings {
  /** The recordings found, each with its path and the name of its format, in the order of the paths. */
  recordings: { path: string; format: string; file: RecordingFile }[]
  /** Files whose format keeps no wire text: answers for the service. */
  scripts: { path: string; format: string; answers: Answer[] }[]
  /** One for each file that could not be read; the other files are read all the same. */
  errors: RecordingError[]
}

/**
 * Reads a file, or all files of a folder and the folders in it that carry the extension of a known format.
 * Symbolic links inside a folder are not followed.
 */
export async function readRecordings(path: string): Promise<ReadRecordings> {
  const read: ReadRecordings = { recordings: [], scripts: [], errors: [] }
  for (const file of await filesOf(path, read.errors)) {
    try {
      const { format, held } = await readRecordingFile(file)
      if ('answers' in held) read.scripts.push({ path: file, format, answers: held.answers })
      else for (const one of held.recordings) read.recordings.push({ path: file, format, file: one })
    } catch (error) {
      read.errors.push(asRecordingError(error, file))
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

/** The files that a path names, sorted: itself, or those below it whose extension is in `extensions`. */
export async function filesOf(
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
    errors.push(asRecordingError(error, path))
    return []
  }
}

/** Any error of reading a file as one that names the file. */
export function asRecordingError(error: unknown, file: string): RecordingError {
  if (error instanceof RecordingError) return error
  const { code, message, name } = error as NodeJS.ErrnoException
  if (code === undefined)
    // Not the file's fault but the reader's; the other files must not be lost by it.
    return new RecordingError({
      file,
      place: 'file',
      found: `a fault of the reader: ${name}: ${message}`,
      expected: 'none',
    })
  const found = code === 'ENOENT' ? 'no such file or folder' : message
  return new RecordingError({ file, place: 'file', found, expected: 'a readable file or folder' })
}
