import { isObject, type JsonObject } from '../../json.ts'
import type { Answer } from '../../service/types.ts'
import { parseJson } from '../parse.ts'
import { describeValue, RecordingError } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { parseYaml } from '../yaml.ts'
import { readAimockAnswers } from './aimock.ts'
import { readConversation } from './conversations.ts'
import { readHar, readPolly } from './har.ts'
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
    of: 'vcrpy or Ruby VCR',
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
    name: 'aimock',
    of: '@copilotkit/aimock',
    matches: (value) => isObject(value) && Array.isArray(value['fixtures']),
    read: (text, file) => ({ answers: readAimockAnswers(text, file) }),
  },
]

function isHar(value: unknown): value is { log: JsonObject } {
  return isObject(value) && isObject(value['log']) && Array.isArray(value['log']['entries'])
}

/** Returns the format of a file. It looks at the content. */
export function detectFormat(text: string, file: string): Format {
  const value = /^\s*[{[]/.test(text) ? parseJson(text, file) : parseYaml(text, file)
  const format = formats.find((candidate) => candidate.matches(value))
  if (format) return format
  throw new RecordingError({
    file,
    place: '$',
    found: isObject(value)
      ? `an object with keys ${Object.keys(value).slice(0, 8).join(', ')}`
      : describeValue(value),
    expected: `one of the formats: ${formats.map(({ name, of }) => `${name} (${of})`).join(', ')}`,
  })
}
