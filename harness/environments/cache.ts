import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where environments are kept: a folder in the project that git ignores. All of it may be deleted at any time. */
export function findCacheFolder(): string {
  return process.env['CONFORM_CACHE'] ?? fileURLToPath(new URL('../../.cache', import.meta.url))
}

/** What an environment's folder is called: it names what it was made from, so that another lock gives another one. */
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
