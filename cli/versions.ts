import { findPackageJSON } from 'node:module'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { wrongPlainVersion } from '../harness/environments/names.ts'
import { parseJson } from '../mocks/recordings/parse.ts'
import { conforming, RecordingError } from '../mocks/recordings/problem.ts'
import { readUserText } from '../mocks/user-file.ts'

const schema = z.object({ version: z.string() })

/**
 * Returns packages as NAME@VERSION, in the versions that `file` would load. They go into a command that a reader is to
 * copy into a shell, so the versions that packages tell of themselves are checked.
 */
export function versionsFrom(file: string, packages: readonly string[]): string[] {
  return packages.map((name) => {
    const manifest = findPackageJSON(name, pathToFileURL(file).href)
    if (manifest === undefined)
      throw new Error(`${file}: found no package ${name}, expected it to be installed`)
    const { version } = conforming(schema, parseJson(readUserText(manifest), manifest), manifest)
    const expected = wrongPlainVersion(version)
    if (expected !== undefined)
      throw new RecordingError({ file: manifest, place: '$.version', found: version, expected })
    return `${name}@${version}`
  })
}
