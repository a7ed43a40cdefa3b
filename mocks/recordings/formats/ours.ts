import { z } from 'zod'
import { jsonText } from '../../json-text.ts'
import { parseJson } from '../parse.ts'
import { parseBySchema } from '../problem.ts'
import { RecordingFile } from '../types.ts'
import { checkRequestBodies } from './missing-bodies.ts'

/** Reads the project's own format: one JSON object, see `RecordingFile`. */
export function readOurs(text: string, file: string): RecordingFile[] {
  const read = parseBySchema(RecordingFile, parseJson(text, file), file)
  checkRequestBodies(read.recordings, file, (index) => `$.recordings[${index}]`)
  return [read]
}

/** Returns a file as text in the project's own format. `readOurs` reads it back unchanged. */
export function writeRecordingText(file: RecordingFile): string {
  return `${jsonText(file, 1)}\n`
}

/** Returns the JSON Schema of the project's own format. */
export function recordingSchema(): object {
  return { title: 'agent-conformance recording file', ...z.toJSONSchema(RecordingFile, { io: 'input' }) }
}
