import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { RecordingError } from './recordings/problem.ts'

/**
 * Returns the real path of a file that another file names, relative to its own folder. `file` and `place` say who names
 * it. Throws a `RecordingError` if there is no such file, and if the name or a link on the way leads out of the folder:
 * a folder from a stranger must not make us read other files of this machine.
 */
export function pathInside(folder: string, named: string, { file, place }: { file: string; place: string }) {
  const fail = (found: string, expected: string) => new RecordingError({ file, place, found, expected })
  const real = realpathOf(join(folder, named))
  if (real === undefined) throw fail(named, 'a file that exists')
  const from = relative(realpathSync(folder), real)
  if (from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from))
    throw fail(`${named}, which leads out of its folder`, 'a file inside the folder')
  return real
}

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
