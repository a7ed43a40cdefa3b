import { basename, join, resolve, sep } from 'node:path'
import { RecordingError } from './problem.ts'
import { ID } from './types.ts'

// The device names of Windows, with any extension.
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * Returns the path of the recording file `id` inside `folder`. Throws if the id is invalid, names a device or leads out
 * of the folder. Ids come from files, and anybody can write a file.
 */
export function buildRecordingPath(folder: string, id: string): string {
  const root = resolve(folder)
  const path = resolve(join(root, `${id}.json`))
  if (!ID.test(id) || DEVICE.test(id) || !path.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new RecordingError({
      file: folder,
      place: 'id',
      found: JSON.stringify(id),
      expected: 'an id: letters, digits, dot, underscore, dash, at most 128, no dot in front, no device name',
    })
  return path
}

/**
 * Returns an id for a file whose format has none: its name without the extension. Characters that no id may have become
 * dashes.
 */
export function deriveRecordingId(file: string): string {
  const name = basename(file).replace(/\.[A-Za-z0-9]{1,5}$/, '')
  const id = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 128)
  return ID.test(id) ? id : 'recording'
}
