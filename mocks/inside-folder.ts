import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { RecordingError } from './recordings/problem.ts'

/**
 * Returns the real path of a file that another file names, relative to the folder of that other file. `file` and
 * `place` say where the name is. Throws a `RecordingError` if the file does not exist or if the name or a link leads
 * out of the folder. Otherwise a folder from a stranger could make the project read other files of this machine.
 */
export function resolveInsideFolder(
  folder: string,
  named: string,
  { file, place }: { file: string; place: string },
) {
  const fail = (found: string, expected: string) => new RecordingError({ file, place, found, expected })
  const real = findRealPath(join(folder, named))
  if (real === undefined) throw fail(named, 'a file that exists')
  const from = relative(realpathSync(folder), real)
  if (from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from))
    throw fail(`${named}, which leads out of its folder`, 'a file inside the folder')
  return real
}

function findRealPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
