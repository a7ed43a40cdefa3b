import { execFile } from 'node:child_process'
import { type Tool, withToolEnvironment } from './tool-environment.ts'

/**
 * How a tool ended. `code` is null if the tool could not be started or was ended from outside; then `stderr` says
 * why.
 */
export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
  /** Whether the program does not exist. */
  absent: boolean
}

/** The longest time that a tool may run, in milliseconds. */
const LIMIT = 600_000

/**
 * Runs a program to its end, with arguments that no shell sees. Its environment is that of `tool` (tool-environment.ts),
 * with `env` in addition: the registries are where the user's settings say, and the rest of the user's environment and
 * HOME stay out of reach of what is installed or built. `cwd` absent: an empty folder, in which nobody has left settings.
 */
export function runCommand(
  tool: Tool,
  command: string,
  args: readonly string[],
  given: { cwd?: string; env?: Record<string, string> } = {},
): Promise<CommandResult> {
  return withToolEnvironment(tool, process.env, (variables) =>
    runToEnd(command, args, { cwd: given.cwd ?? variables.HOME, env: { ...variables, ...given.env } }),
  )
}

function runToEnd(
  command: string,
  args: readonly string[],
  given: { cwd: string; env: Record<string, string> },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { ...given, timeout: LIMIT, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const { code } = (error ?? {}) as { code?: unknown }
        const ended = error === null ? 0 : typeof code === 'number' ? code : null
        const why = ended === null ? `${stderr}${error?.message ?? ''}` : stderr
        resolve({ code: ended, stdout, stderr: why, absent: code === 'ENOENT' })
      },
    )
  })
}

/** Returns the last lines of a tool's output as one line: for an installer, they hold the reason of a failure. */
export function readLastLines({ stdout, stderr }: Pick<CommandResult, 'stdout' | 'stderr'>): string {
  const [said = ''] = (stderr.trim() || stdout.trim()).split(/\n\s*hint:/)
  const lines = said.split('\n').map((one) => one.trim())
  return (
    lines
      .filter((one) => one !== '')
      .slice(-6)
      .join(' ')
      .replace(/^error: /, '') || 'no reason given'
  )
}
