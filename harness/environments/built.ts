import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** After this time an unfinished folder counts as abandoned, in milliseconds. */
const ABANDONED = 3_600_000

/**
 * Returns the folder at `path`, and builds it if it does not exist. It is built elsewhere and then renamed, so nobody
 * sees an unfinished folder. If two processes build at once, the first result is used. If `build` throws, nothing is
 * left behind.
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

/** Removes unfinished folders of processes that were ended. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.making-')) continue
    const path = join(parent, name)
    const made = await stat(path).catch(() => undefined)
    if (made !== undefined && Date.now() - made.mtimeMs > ABANDONED)
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}
