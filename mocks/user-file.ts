import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { MAX_BYTES } from './limits.ts'
import { decodeUtf8 } from './recordings/parse.ts'
import { RecordingError } from './recordings/problem.ts'

/** Bytes per read. */
const CHUNK = 1024 * 1024

/**
 * Returns the bytes of a file that a user named or a stranger sent. All such files are read by this function. Throws a
 * `RecordingError` if the file does not exist, is not a regular file (reading a pipe or a device may never end), or
 * holds more than `most` bytes (64 MB). The size is checked before reading.
 */
export function readUserBytes(path: string, most: number = MAX_BYTES): Buffer {
  const fail = (found: string, expected: string) =>
    new RecordingError({ file: path, place: 'file', found, expected })
  let file: number
  try {
    // Without O_NONBLOCK, opening a pipe without a writer blocks the process.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw fail(code === 'ENOENT' ? 'no such file' : (code ?? message), 'a file that can be read')
  }
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw fail(nameFileKind(status), 'a regular file')
    if (status.size > most) throw fail(`${status.size} bytes`, `at most ${most}`)
    const bytes = readAtMost(file, most)
    // A file may grow while it is read, and files under /proc report no size.
    if (bytes === undefined) throw fail(`more than ${most} bytes`, `at most ${most}`)
    return bytes
  } finally {
    closeSync(file)
  }
}

/**
 * Returns the text of a file that a user named or a stranger sent. Throws like `readUserBytes`, and for invalid UTF-8.
 */
export function readUserText(path: string, most?: number): string {
  return decodeUtf8(readUserBytes(path, most), path)
}

/** Returns all bytes of an open file, or undefined if it holds more than `most` bytes. */
function readAtMost(file: number, most: number): Buffer | undefined {
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, most + 1 - size))
    const read = readSync(file, chunk, 0, chunk.length, null)
    if (read === 0) return Buffer.concat(chunks)
    size += read
    if (size > most) return undefined
    chunks.push(chunk.subarray(0, read))
  }
}

function nameFileKind(status: ReturnType<typeof fstatSync>): string {
  if (status.isDirectory()) return 'a folder'
  if (status.isFIFO()) return 'a pipe'
  if (status.isSocket()) return 'a socket'
  return 'a device'
}
