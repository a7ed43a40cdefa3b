import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../../mocks/recordings/parse.ts'
import { parseBySchema, RecordingError } from '../../mocks/recordings/problem.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { chooseRegistry, findExactVersionError, type Registry } from './exact.ts'
import { hasManifest, type Manifest, readManifest } from './manifest.ts'
import { findNameError } from './names.ts'

/** The package under which a runtime is published, and its default version. */
export interface PublishedPackage {
  registry: Registry
  package: string
  version: string
  /** The manifest's lowest versions of packages that the driver can run. */
  oldest: Manifest['oldest']
}

/**
 * The field `runtime` in an adapter's package.json. It says which dependency is the runtime, so that NAME@VERSION
 * means its version.
 */
const schema = z.object({
  runtime: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
})

/**
 * Returns the published package of the runtime in a folder. Returns undefined if the runtime has no versions but its
 * folder's. Throws a `RecordingError` if manifest.yaml or package.json does not name a package at an exact version.
 */
export function readPublishedPackage(folder: string): PublishedPackage | undefined {
  if (hasManifest(folder)) {
    const manifest = readManifest(folder)
    const { package: name, version, oldest } = manifest
    return { registry: chooseRegistry(manifest), package: name, version, oldest }
  }
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  const { runtime, dependencies } = parseBySchema(schema, parseJson(readUserText(file), file), file)
  if (runtime === undefined) return undefined
  refuse(file, '$.runtime', runtime, findNameError(runtime, 'npm'))
  const version = Object.hasOwn(dependencies, runtime) ? dependencies[runtime] : undefined
  if (version === undefined) return undefined
  refuse(file, `$.dependencies["${runtime}"]`, version, findExactVersionError(version, 'npm'))
  return { registry: 'npm', package: runtime, version, oldest: {} }
}

/**
 * Returns the dependencies of an adapter, each a name with its version, and the text of the package.json that names them.
 * Throws a `RecordingError` unless each is a package of npm at an exact version: npm would also take a range, a tag,
 * a folder, an address or another package under this one's name.
 */
export function readExactDependencies(folder: string): { dependencies: [string, string][]; text: string } {
  const file = join(folder, 'package.json')
  const text = readUserText(file)
  const { dependencies } = parseBySchema(schema, parseJson(text, file), file)
  for (const [name, version] of Object.entries(dependencies)) {
    refuse(file, '$.dependencies', name, findNameError(name, 'npm'))
    refuse(file, `$.dependencies["${name}"]`, version, findExactVersionError(version, 'npm'))
  }
  return { dependencies: Object.entries(dependencies), text }
}

/** Throws a `RecordingError` unless `expected` is undefined. */
function refuse(file: string, place: string, found: string, expected: string | undefined): void {
  if (expected !== undefined) throw new RecordingError({ file, place, found, expected })
}
