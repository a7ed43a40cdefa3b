import { isObject, type JsonObject } from '../../json.ts'
import type { Answer } from '../../service/types.ts'
import { parseJson } from '../parse.ts'
import { kindOf, RecordingError } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { parseYaml } from '../yaml.ts'
import { readAimock } from './aimock.ts'
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
  is(value: unknown): boolean
  read(text: string, file: string): Held
}

const recordings =
  (read: (text: string, file: string) => RecordingFile[]) => (text: string, file: string) => ({
    recordings: read(text, file),
  })

/** All formats, in the order in which they are tried. */
export const formats: readonly Format[] = [
  {
    name: 'ours',
    of: 'conform record',
    is: (value) => isObject(value) && 'schema' in value && 'recordings' in value,
    read: recordings(readOurs),
  },
  {
    name: 'conversation',
    of: 'a collected set of conversations',
    is: (value) => isObject(value) && 'id' in value && Array.isArray(value['interactions']),
    read: recordings(readConversation),
  },
  {
    name: 'vcr',
    of: 'vcrpy or Ruby VCR',
    is: (value) => isObject(value) && ('interactions' in value || 'http_interactions' in value),
    read: recordings(readVcr),
  },
  {
    name: 'polly',
    of: 'a persister of Polly.JS',
    is: (value) => isLog(value) && '_recordingName' in value['log'],
    read: recordings(readPolly),
  },
  { name: 'har', of: 'a browser or a proxy', is: isLog, read: recordings(readHar) },
  {
    name: 'nock',
    of: 'nock.recorder',
    is: (value) => Array.isArray(value) && isObject(value[0]) && 'scope' in value[0] && 'path' in value[0],
    read: recordings(readNock),
  },
  {
    name: 'aimock',
    of: '@copilotkit/aimock',
    is: (value) => isObject(value) && Array.isArray(value['fixtures']),
    read: (text, file) => ({ answers: readAimock(text, file) }),
  },
]

function isLog(value: unknown): value is { log: JsonObject } {
  return isObject(value) && isObject(value['log']) && Array.isArray(value['log']['entries'])
}

/** Returns the format of a file. It looks at the content. */
export function detectFormat(text: string, file: string): Format {
  const value = /^\s*[{[]/.test(text) ? parseJson(text, file) : parseYaml(text, file)
  const format = formats.find((candidate) => candidate.is(value))
  if (format) return format
  throw new RecordingError({
    file,
    place: '$',
    found: isObject(value)
      ? `an object with keys ${Object.keys(value).slice(0, 8).join(', ')}`
      : kindOf(value),
    expected: `one of the formats: ${formats.map(({ name, of }) => `${name} (${of})`).join(', ')}`,
  })
}
