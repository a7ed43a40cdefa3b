import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonDepth, MAX_BYTES, MAX_DEPTH } from '../../limits.ts'
import { writeRecordingText } from '../formats/ours.ts'
import { buildRecordingPath } from '../names.ts'
import { RecordingError } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { findSecrets } from './secrets.ts'

/**
 * Writes a recording file. The file is scanned for secrets, written under a name that no reader accepts, flushed and
 * renamed, so that no other file can look like a recording. Throws a `RecordingError` with the place of a secret, and
 * removes an earlier file with that id.
 */
export async function writeRecordingFile(
  folder: string,
  file: RecordingFile,
  known: readonly string[],
): Promise<string> {
  const path = buildRecordingPath(folder, file.id)
  const text = writeRecordingText(file)
  const problem = findProblem(file, text, known)
  if (problem) {
    await rm(path, { force: true })
    throw new RecordingError({ file: path, ...problem })
  }
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `.${file.id}.${process.pid}.partial`)
  try {
    const handle = await open(temporary, 'w', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return path
}

function findProblem(file: RecordingFile, text: string, known: readonly string[]) {
  const secret = findSecrets(file, known)[0]
  if (secret)
    return {
      place: secret.place,
      found: secret.kind,
      expected: 'no secret. The file was not written: remove the secret from the traffic and record again',
    }
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_BYTES) return { place: 'file', found: `${bytes} bytes`, expected: `at most ${MAX_BYTES}` }
  const depth = jsonDepth(text)
  if (depth > MAX_DEPTH)
    return { place: '$', found: `${depth} levels of nesting`, expected: `at most ${MAX_DEPTH}` }
  return undefined
}
