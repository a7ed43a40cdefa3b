import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIsolatedCommand, type CommandLine, type Isolation } from './launch.ts'
import { buildWorkerEnvironment } from './worker-environment.ts'

/** Name lookups go to an address that nobody has (RFC 5737). */
const NO_NAMES = 'nameserver 198.51.100.1\noptions timeout:1 attempts:1\n'

/** The variables for an isolated process: the user's, of which it gets only some, and its own. */
export interface Variables {
  given: Readonly<Record<string, string | undefined>>
  own?: Readonly<Record<string, string>>
}

/**
 * Starts a process that is isolated, with a clean environment and an empty home folder, which is removed when the process
 * ends.
 */
export function startIsolated(
  isolation: Isolation,
  command: CommandLine,
  { given, own = {} }: Variables,
  options: Pick<SpawnOptions, 'stdio' | 'serialization' | 'timeout' | 'killSignal'>,
): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), 'conform-worker-'))
  const home = join(folder, 'home')
  const names = join(folder, 'resolv.conf')
  mkdirSync(home)
  writeFileSync(names, NO_NAMES)
  const [program, ...args] = buildIsolatedCommand(isolation, names, command)
  const env = buildWorkerEnvironment(given, { ...own, HOME: home })
  const child = spawn(program, args, {
    ...options,
    env,
    // In a session of its own the process has no terminal to write to.
    detached: true,
  })
  const leave = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  child.once('exit', leave)
  child.once('error', leave)
  return child
}
