import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Returns the folder `../shared` next to the checkout, or undefined if the clone has none. Only tests over its
 * recordings may be skipped, and their names say so.
 */
export function findSharedFolder(): string | undefined {
  const folder = fileURLToPath(new URL('../../../shared', import.meta.url))
  return existsSync(`${folder}/recordings/conversations`) ? folder : undefined
}
