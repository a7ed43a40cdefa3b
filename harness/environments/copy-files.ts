import { cp, lstat, realpath } from 'node:fs/promises'

/**
 * Copies the regular files and folders of a folder, of these the ones that `isWanted` takes. Links, pipes, sockets and
 * devices are left out: a pipe cannot be copied, and a link may lead out of the folder.
 */
export async function copyFiles(
  folder: string,
  target: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<void> {
  await cp(await realpath(folder), target, {
    recursive: true,
    filter: async (path) => {
      if (!isWanted(path)) return false
      const status = await lstat(path)
      return status.isFile() || status.isDirectory()
    },
  })
}
