import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

/**
 * Makes `os.userInfo()` name the home folder that this process was given. Without this the system's list of users still
 * tells a runtime where the user's own files are.
 */
export function hideUserHome(): void {
  const userInfo = os.userInfo
  const own = ((options?: Parameters<typeof userInfo>[0]) => {
    const told = userInfo(options as Parameters<typeof userInfo>[0] & object)
    const home = process.env['HOME']
    if (home === undefined) return told
    return { ...told, homedir: typeof told.homedir === 'string' ? home : Buffer.from(home) }
  }) as typeof userInfo
  os.userInfo = own
  syncBuiltinESMExports()
}
