import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A folder that somebody began to build so long ago, in milliseconds, is nobody's any more. */
const ABANDONED = 3_600_000

/**
 * The folder at `path`, built where it is not there yet. It is built elsewhere and renamed, so that a half-made one is never
 * seen; of two processes that build at once the first one's is used. `build` throws where it cannot; then nothing is left.
 */
export async function buildOnce(path: string, build: (folder: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path
  const parent = dirname(path)
  await mkdir(parent, { recursive: true })
  await removeAbandoned(parent)
  const making = await mkdtemp(join(parent, `.making-${basename(path)}-`))
  try {
    await build(making)
    await rename(making, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!((code === 'ENOTEMPTY' || code === 'EEXIST') && existsSync(path))) throw error
  } finally {
    await rm(making, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  return path
}

/** Takes away what processes that were ended have left half-made. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.making-')) continue
    const path = join(parent, name)
    const made = await stat(path).catch(() => undefined)
    if (made !== undefined && Date.now() - made.mtimeMs > ABANDONED)
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}
