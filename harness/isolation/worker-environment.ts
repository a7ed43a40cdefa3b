import { type Isolation, isolations } from './launch.ts'

/** Variables that any program needs. None of them holds a credential. */
const KEPT_VARIABLES = 'PATH LANG LC_ALL TZ TMPDIR SystemRoot NO_COLOR FORCE_COLOR CI TERM NODE_ENV'.split(
  ' ',
)

/** Variables that Vitest gives to its workers. */
const VITEST_VARIABLES = 'TEST VITEST VITEST_MODE FORCE_TTY MODE DEV PROD SSR BASE_URL'.split(' ')

/** Variables that come later: from the shell that starts the worker, and from Vitest. */
const LATER_VARIABLES = 'HOME PWD OLDPWD SHLVL _ VITEST_POOL_ID VITEST_WORKER_ID'.split(' ')

/** The variable that says how the worker is isolated. Only the harness sets it. */
export const ISOLATION = 'CONFORM_ISOLATION'

/**
 * The variable with the worker's secret, which marks its results. The worker removes it before a runtime is loaded.
 */
export const TOKEN = 'CONFORM_TOKEN'

/**
 * Returns the environment of a worker. Only listed names are passed, so no credential of the user gets in. `own` wins
 * over the user's variables.
 */
export function buildWorkerEnvironment(
  given: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = [...KEPT_VARIABLES, ...VITEST_VARIABLES].flatMap((name) => {
    const value = given[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), ...own }
}

/** Returns this worker's secret, and takes it out of the environment. */
export function takeToken(): string {
  const token = process.env[TOKEN] ?? ''
  delete process.env[TOKEN]
  return token
}

/** Removes every variable from this worker's environment that is not listed. Vitest adds some of the user's. */
export function dropOtherVariables(): void {
  const kept = new Set([...KEPT_VARIABLES, ...VITEST_VARIABLES, ...LATER_VARIABLES, ISOLATION])
  for (const name of Object.keys(process.env)) if (!kept.has(name)) delete process.env[name]
}

/** Returns how this process is isolated, as its environment says. */
export function readIsolation(): Isolation {
  return isolations.find((one) => one === process.env[ISOLATION]) ?? 'process'
}
