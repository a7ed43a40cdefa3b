import { BlockList, isIP } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { resolve, sep } from 'node:path'

/** The names that mean this machine (RFC 6761). */
export const LOCALHOST = /^([a-z0-9-]+\.)*localhost\.?$/i

/** An IPv4 address in the list also matches the same address mapped to IPv6. */
const ADDRESSES = new BlockList()
ADDRESSES.addSubnet('127.0.0.0', 8, 'ipv4')
ADDRESSES.addAddress('0.0.0.0', 'ipv4')
ADDRESSES.addAddress('::1', 'ipv6')
ADDRESSES.addAddress('::', 'ipv6')

/** Whether a text is a loopback address. An unspecified address counts, because it connects to loopback. Names do not count. */
export function isLoopbackAddress(text: string): boolean {
  const version = isIP(text)
  return version !== 0 && ADDRESSES.check(text, version === 6 ? 'ipv6' : 'ipv4')
}

/** Whether a host is this machine: a loopback address or a name for localhost. Any other text that Node does not read as an address is a name. */
export function isLoopback(host: string): boolean {
  return isLoopbackAddress(host) || LOCALHOST.test(host)
}

/**
 * Whether a unix socket may be a runtime's own: one below the folder for temporary files, or below its home. Any other
 * belongs to a service of the machine, which may send on what it is told.
 */
export function isOwnSocket(path: unknown): boolean {
  if (typeof path !== 'string' || path.startsWith('\0')) return false
  return [tmpdir(), homedir()].some((folder) => resolve(path).startsWith(resolve(folder) + sep))
}
