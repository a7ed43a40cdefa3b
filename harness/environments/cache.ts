import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the folder for environments, which git ignores. All of it may be deleted at any time. */
export function findCacheFolder(): string {
  return process.env['CONFORM_CACHE'] ?? fileURLToPath(new URL('../../.cache', import.meta.url))
}

/** Returns the folder of an environment. Its name depends on everything that the environment was made from. */
export function buildCachePath(
  cache: string,
  kind: string,
  name: string,
  version: string,
  from: readonly string[],
): string {
  const hash = createHash('sha256')
  for (const part of [process.platform, process.arch, ...from]) hash.update(part).update('\0')
  return join(cache, kind, `${name}@${version}-${hash.digest('hex').slice(0, 12)}`)
}
