import { homedir, tmpdir } from 'node:os'
import { resolve, sep } from 'node:path'

/** The names that mean this machine (RFC 6761). */
export const LOCALHOST = /^([a-z0-9-]+\.)*localhost\.?$/i

const ADDRESS = /^(127(\.\d{1,3}){3}|0\.0\.0\.0|\[?(::1|::|::ffff:127(\.\d{1,3}){3})\]?)$/i

/** Whether a host, a name or an address, is this machine's own. An unspecified address connects to loopback. */
export function isLoopback(host: string): boolean {
  return ADDRESS.test(host) || LOCALHOST.test(host)
}

/**
 * Whether a unix socket may be a runtime's own: one below the folder for temporary files, or below its home. Any other
 * belongs to a service of the machine, which may send on what it is told.
 */
export function isOwnSocket(path: unknown): boolean {
  if (typeof path !== 'string' || path.startsWith('\0')) return false
  return [tmpdir(), homedir()].some((folder) => resolve(path).startsWith(resolve(folder) + sep))
}
