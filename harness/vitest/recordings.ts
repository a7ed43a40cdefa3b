import { append } from '../../mocks/append.ts'
import { readRecordings } from '../../mocks/recordings/formats/read.ts'
import { RecordingError } from '../../mocks/recordings/problem.ts'
import type { RecordingFile } from '../../mocks/recordings/types.ts'

export interface ChosenRecording {
  path: string
  file: RecordingFile
  /** One for each other recording with this id, which is left out: verdicts and files go by the id. */
  leftOut: RecordingError[]
}

export interface ChosenRecordings {
  recordings: ChosenRecording[]
  /** One for each file that could not be read. */
  errors: RecordingError[]
  /** One for each file that holds answers for the service in place of recordings. */
  scripts: RecordingError[]
}

/** Returns the recordings of all paths, each file read once and each id taken once, and what was found in their place. */
export async function recordingsIn(paths: readonly string[]): Promise<ChosenRecordings> {
  const chosen = new Map<string, ChosenRecording>()
  const errors: RecordingError[] = []
  const scripts: RecordingError[] = []
  const known = new Set<string>()
  for (const path of paths) {
    const read = await readRecordings(path)
    append(errors, read.errors)
    append(scripts, read.scripts.map(holdsAnswers))
    // A folder and a file in it may both be asked for.
    const fresh = read.recordings.filter((one) => !known.has(one.path))
    for (const { path: from, file } of fresh) {
      known.add(from)
      const first = chosen.get(file.id)
      if (first === undefined) chosen.set(file.id, { path: from, file, leftOut: [] })
      else first.leftOut.push(takenTwice(from, file.id, first.path))
    }
  }
  return { recordings: [...chosen.values()], errors, scripts }
}

function takenTwice(file: string, id: string, other: string): RecordingError {
  const found = `"${id}", which a recording in ${other} also has`
  return new RecordingError({ file, place: 'id', found, expected: 'a unique id' })
}

function holdsAnswers({ path, format }: { path: string; format: string }): RecordingError {
  return new RecordingError({
    file: path,
    place: 'file',
    found: `answers of ${format}`,
    expected: 'recordings (conform serve --script gives answers)',
  })
}
