import { isObject } from '../../json.ts'
import type { Answer } from '../../service/types.ts'
import { parseJson } from '../limits.ts'
import { RecordingError, shown } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { readConversation } from './conversations.ts'
import { readOurs } from './ours.ts'

/** What a file holds: recordings, or (where a format keeps no wire text) answers that the service composes. */
export type Held = { recordings: RecordingFile[] } | { answers: Answer[] }

export interface Format {
  name: string
  /** The tools that write it, for errors and help. */
  of: string
  /** Whether a parsed file is of this format, told by its outermost keys. */
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
]

/** The format of a file, by its content. */
export function detectFormat(text: string, file: string): Format {
  const value = parseJson(text, file)
  const format = formats.find((candidate) => candidate.is(value))
  if (format) return format
  throw new RecordingError({
    file,
    place: '$',
    found: isObject(value)
      ? `an object with keys ${Object.keys(value).slice(0, 8).join(', ')}`
      : shown(value),
    expected: `one of the formats: ${formats.map(({ name, of }) => `${name} (${of})`).join(', ')}`,
  })
}
