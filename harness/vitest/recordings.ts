import { append } from '../../mocks/append.ts'
import { readRecordings } from '../../mocks/recordings/formats/read.ts'
import { RecordingError } from '../../mocks/recordings/problem.ts'
import type { RecordingFile } from '../../mocks/recordings/types.ts'

export interface ChosenRecording {
  path: string
  file: RecordingFile
  /** One error per further recording with the same id. These are skipped, because the id must be unique. */
  leftOut: RecordingError[]
}

export interface ChosenRecordings {
  recordings: ChosenRecording[]
  /** One error per file that could not be read. */
  errors: RecordingError[]
  /** One error per file without traffic of the Responses API. */
  withoutTraffic: RecordingError[]
  /** One error per file that contains a script for the service instead of recordings. */
  scripts: RecordingError[]
}

/** Reads the recordings of all paths. Each file is read once, and of several recordings with one id the first is used. */
export async function readAllRecordings(paths: readonly string[]): Promise<ChosenRecordings> {
  const chosen = new Map<string, ChosenRecording>()
  const errors: RecordingError[] = []
  const scripts: RecordingError[] = []
  const withoutTraffic: RecordingError[] = []
  const known = new Set<string>()
  for (const path of paths) {
    const read = await readRecordings(path)
    append(errors, read.errors)
    append(withoutTraffic, read.withoutTraffic)
    append(scripts, read.scripts.map(buildScriptError))
    // The paths may contain a folder and a file in that folder.
    const fresh = read.recordings.filter((one) => !known.has(one.path))
    for (const { path: from, file } of fresh) {
      known.add(from)
      const first = chosen.get(file.id)
      if (first === undefined) chosen.set(file.id, { path: from, file, leftOut: [] })
      else first.leftOut.push(buildDuplicateError(from, file.id, first.path))
    }
  }
  return { recordings: [...chosen.values()], errors, withoutTraffic, scripts }
}

function buildDuplicateError(file: string, id: string, other: string): RecordingError {
  const found = `"${id}", which a recording in ${other} also has`
  return new RecordingError({ file, place: 'id', found, expected: 'a unique id' })
}

function buildScriptError({ path, format }: { path: string; format: string }): RecordingError {
  return new RecordingError({
    file: path,
    place: 'file',
    found: `answers of ${format}`,
    expected: 'recordings; "conform serve --script" reads answers',
  })
}
