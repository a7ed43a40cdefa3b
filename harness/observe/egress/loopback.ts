/** The names that mean this machine (RFC 6761). */
export const LOCALHOST = /^([a-z0-9-]+\.)*localhost\.?$/i

const ADDRESS = /^(127(\.\d{1,3}){3}|0\.0\.0\.0|\[?(::1|::|::ffff:127(\.\d{1,3}){3})\]?)$/i

/** Whether a host, a name or an address, is this machine's own. An unspecified address connects to loopback. */
export function isLoopback(host: string): boolean {
  return ADDRESS.test(host) || LOCALHOST.test(host)
}
