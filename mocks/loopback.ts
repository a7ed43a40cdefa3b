const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

/**
 * Whether the Host that a client names is this machine's own. A page in a browser can reach loopback under a name of
 * its own (DNS rebinding); it must not ride on a server of ours.
 */
export function isLoopback(host: string | null | undefined): boolean {
  return LOOPBACK.test(host ?? '')
}
