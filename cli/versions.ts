import { findPackageJSON } from 'node:module'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { findVersionError } from '../harness/environments/names.ts'
import { parseJson } from '../mocks/recordings/parse.ts'
import { parseBySchema, RecordingError } from '../mocks/recordings/problem.ts'
import { readUserText } from '../mocks/user-file.ts'

const schema = z.object({ version: z.string() })

/**
 * Returns packages as NAME@VERSION, with the versions that `file` would import. The result becomes part of a shell command,
 * so each version is checked. Throws if a package is not installed or its version is malformed.
 */
export function listInstalledSpecs(file: string, packages: readonly string[]): string[] {
  return packages.map((name) => {
    const manifest = findPackageJSON(name, pathToFileURL(file).href)
    if (manifest === undefined)
      throw new Error(`${file}: found no package ${name}, expected an installed one`)
    const { version } = parseBySchema(schema, parseJson(readUserText(manifest), manifest), manifest)
    const expected = findVersionError(version)
    if (expected !== undefined)
      throw new RecordingError({ file: manifest, place: '$.version', found: version, expected })
    return `${name}@${version}`
  })
}
