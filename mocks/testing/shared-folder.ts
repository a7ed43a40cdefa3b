import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The folder `../shared` beside the checkout, or undefined where a clone does not have it.
 * Tests over its recordings are the only ones that may be left out, and say so by name.
 */
export function sharedFolder(): string | undefined {
  const folder = fileURLToPath(new URL('../../../shared', import.meta.url))
  return existsSync(`${folder}/recordings/conversations`) ? folder : undefined
}
