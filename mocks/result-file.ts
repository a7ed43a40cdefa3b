import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Writes a result file: first beside `path` under a new name, then renamed. If `path` is a link, the link is replaced and
 * what it points to stays as it is. If writing fails, an earlier file at `path` stays whole. Throws the system's error.
 */
export async function writeResultFile(path: string, text: string): Promise<void> {
  const beside = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.partial`,
  )
  try {
    // `wx` fails if the name exists, so that nothing prepared there is followed.
    const file = await open(beside, 'wx', 0o666)
    try {
      await file.writeFile(text)
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/**
 * Writes text to the place that a user named by an option such as `--json`. A device or a pipe, such as /dev/stdout, is
 * written to as it is; a pipe that nobody reads fails with ENXIO. Everything else is written by `writeResultFile`.
 */
export async function writeNamedFile(path: string, text: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined || there.isFile() || there.isDirectory()) return writeResultFile(path, text)
  // Without O_NONBLOCK, opening a pipe that nobody reads blocks for ever. With it, writing to a slow reader fails, so
  // that the text is written through a second handle.
  const probe = there.isFIFO() ? await open(path, constants.O_WRONLY | constants.O_NONBLOCK) : undefined
  try {
    const file = await open(path, 'w')
    try {
      await file.writeFile(text)
    } finally {
      await file.close()
    }
  } finally {
    await probe?.close()
  }
}
