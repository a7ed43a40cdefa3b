import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../../mocks/recordings/parse.ts'
import { conforming } from '../../mocks/recordings/problem.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { type Registry, registryOf } from './exact.ts'
import { hasManifest, readManifest } from './manifest.ts'

/** Under what name a runtime is published, and the version of it that is run where none is named. */
export interface Published {
  registry: Registry
  package: string
  version: string
}

/** `runtime` in an adapter's package.json: which of its dependencies is the runtime, so that NAME@VERSION means its version. */
const schema = z.object({
  runtime: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
})

/** What is published of the runtime in a folder; undefined where its versions are its folder's own. */
export function publishedAs(folder: string): Published | undefined {
  if (hasManifest(folder)) {
    const manifest = readManifest(folder)
    return { registry: registryOf(manifest), package: manifest.package, version: manifest.version }
  }
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  const { runtime, dependencies } = conforming(schema, parseJson(readUserText(file), file), file)
  const version = runtime === undefined ? undefined : dependencies[runtime]
  return runtime === undefined || version === undefined
    ? undefined
    : { registry: 'npm', package: runtime, version }
}
