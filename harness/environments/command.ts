import { execFile } from 'node:child_process'

/** How a tool ended. `code` null: it could not be started, or was ended from outside; then `stderr` says why. */
export interface Told {
  code: number | null
  stdout: string
  stderr: string
  /** There is no such program. */
  absent: boolean
}

/** What a tool may take before it is ended, in milliseconds. */
const LIMIT = 600_000

/**
 * Runs a tool to its end, with the user's own environment: where the registries are, and how they are reached, is the user's
 * setting. What would lead it to another project's environment is taken out.
 */
export function told(
  command: string,
  args: readonly string[],
  given: { cwd: string; env?: NodeJS.ProcessEnv; without?: readonly string[] },
): Promise<Told> {
  const env = { ...process.env, ...given.env }
  for (const name of [...STRAY, ...(given.without ?? [])]) delete env[name]
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { cwd: given.cwd, env, timeout: LIMIT, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const { code } = (error ?? {}) as { code?: unknown }
        const ended = error === null ? 0 : typeof code === 'number' ? code : null
        const why = ended === null ? `${stderr}${error?.message ?? ''}` : stderr
        resolve({ code: ended, stdout, stderr: why, absent: code === 'ENOENT' })
      },
    )
  })
}

const STRAY = ['VIRTUAL_ENV', 'CONDA_PREFIX', 'PYTHONPATH', 'PYTHONHOME', 'NODE_OPTIONS', 'INIT_CWD']

/** What a tool said last, in one line: of an installer that is the reason. Its advice is for others. */
export function lastWords({ stdout, stderr }: Pick<Told, 'stdout' | 'stderr'>): string {
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
