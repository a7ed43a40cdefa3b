import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Writes a result file. It writes a new file next to `path` and renames that file, so that a failed write leaves an
 * earlier file whole. If `path` is a link, the link is replaced and its target stays unchanged. Throws the system's
 * error.
 */
export async function writeResultFile(path: string, text: string): Promise<void> {
  const beside = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.partial`,
  )
  try {
    // `wx` fails if the name exists. So nobody can prepare a link there that the write would follow.
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
 * Writes text to the path of an option such as `--json`. Writes into a device or pipe such as /dev/stdout directly; a
 * pipe without a reader fails with ENXIO. Writes all other paths with `writeResultFile`.
 */
export async function writeNamedFile(path: string, text: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined || there.isFile() || there.isDirectory()) return writeResultFile(path, text)
  // Without O_NONBLOCK, opening a pipe without a reader blocks for ever. With it, writing to a slow reader fails.
  // Therefore a second handle writes the text.
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
