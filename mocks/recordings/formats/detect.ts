import { isObject, type JsonObject } from '../../json.ts'
import type { Answer } from '../../service/types.ts'
import { describeValue, RecordingError } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { readAimockAnswers } from './aimock.ts'
import { readTestProxy } from './azure.ts'
import { readConversation } from './conversations.ts'
import { parseDocuments } from './documents.ts'
import { isEventLine, readEventLines } from './event-lines.ts'
import { readHar, readPolly } from './har.ts'
import { readHttpmock } from './httpmock.ts'
import { readNock } from './nock.ts'
import { readOurs } from './ours.ts'
import { readVcr } from './vcr.ts'

/** The content of a file: recordings, or answers for the service if the format keeps no wire text. */
export type Held = { recordings: RecordingFile[] } | { answers: Answer[] }

export interface Format {
  name: string
  /** The tools that write the format, for errors and help. */
  of: string
  /** Returns whether a parsed file has this format. It looks at the outermost keys. */
  matches(value: unknown): boolean
  /** A file may hold several documents, and each has this format. */
  isDocument?: true
  read(text: string, file: string): Held
}

const readAsRecordings =
  (read: (text: string, file: string) => RecordingFile[]) => (text: string, file: string) => ({
    recordings: read(text, file),
  })

/** All formats, in the order in which they are tried. */
export const formats: readonly Format[] = [
  {
    name: 'ours',
    of: 'conform record',
    matches: (value) => isObject(value) && 'schema' in value && 'recordings' in value,
    read: readAsRecordings(readOurs),
  },
  {
    name: 'conversation',
    of: 'a collected set of conversations',
    matches: (value) => isObject(value) && 'id' in value && Array.isArray(value['interactions']),
    read: readAsRecordings(readConversation),
  },
  {
    name: 'vcr',
    of: 'vcrpy, Ruby VCR or go-vcr',
    isDocument: true,
    matches: (value) => isObject(value) && ('interactions' in value || 'http_interactions' in value),
    read: readAsRecordings(readVcr),
  },
  {
    name: 'polly',
    of: 'a persister of Polly.JS',
    matches: (value) => isHar(value) && '_recordingName' in value['log'],
    read: readAsRecordings(readPolly),
  },
  { name: 'har', of: 'a browser or a proxy', matches: isHar, read: readAsRecordings(readHar) },
  {
    name: 'nock',
    of: 'nock.recorder',
    matches: (value) =>
      Array.isArray(value) && isObject(value[0]) && 'scope' in value[0] && 'path' in value[0],
    read: readAsRecordings(readNock),
  },
  {
    name: 'test-proxy',
    of: "Azure's test proxy",
    matches: (value) => isObject(value) && Array.isArray(value['Entries']),
    read: readAsRecordings(readTestProxy),
  },
  {
    name: 'httpmock',
    of: 'httpmock for Rust',
    isDocument: true,
    matches: (value) => isObject(value) && 'when' in value && 'then' in value,
    read: readAsRecordings(readHttpmock),
  },
  {
    name: 'event-lines',
    of: 'a stream, one JSON event per line',
    isDocument: true,
    matches: isEventLine,
    read: readAsRecordings(readEventLines),
  },
  {
    name: 'aimock',
    of: '@copilotkit/aimock',
    matches: (value) => isObject(value) && Array.isArray(value['fixtures']),
    read: (text, file) => ({ answers: readAimockAnswers(text, file) }),
  },
]

function isHar(value: unknown): value is { log: JsonObject } {
  return isObject(value) && isObject(value['log']) && Array.isArray(value['log']['entries'])
}

/** Returns the format of a file. It looks at the content. All documents of a file must have one format. */
export function detectFormat(text: string, file: string): Format {
  const { values } = parseDocuments(text, file)
  const [value = null] = values
  const format = formats.find((candidate) => candidate.matches(value))
  if (format === undefined)
    throw new RecordingError({
      file,
      place: '$',
      found: isObject(value)
        ? `an object with keys ${Object.keys(value).slice(0, 8).join(', ')}`
        : describeValue(value),
      expected: `one of the formats: ${formats.map(({ name, of }) => `${name} (${of})`).join(', ')}`,
    })
  const other = format.isDocument ? values.findIndex((held) => !format.matches(held)) : values.length - 1
  if (other > 0)
    throw new RecordingError({
      file,
      place: `document ${other + 1}`,
      found: format.isDocument ? 'another format than in the first document' : `${values.length} documents`,
      expected: format.isDocument ? `the format ${format.name} in all documents` : 'one document',
    })
  return format
}
