import { type Isolation, isolations } from './launch.ts'

/** What any program needs to run and to print. None of these names holds a credential. */
const KEPT_VARIABLES = 'PATH LANG LC_ALL TZ TMPDIR SystemRoot NO_COLOR FORCE_COLOR CI TERM NODE_ENV'.split(
  ' ',
)

/** What Vitest tells its workers. */
const VITEST_VARIABLES = 'TEST VITEST VITEST_MODE FORCE_TTY MODE DEV PROD SSR BASE_URL'.split(' ')

/** What a worker gets beside them: from the shell that starts it, and from Vitest once it runs. */
const LATER_VARIABLES = 'HOME PWD OLDPWD SHLVL _ VITEST_POOL_ID VITEST_WORKER_ID'.split(' ')

/** Set by us: how the worker is isolated. */
export const ISOLATION = 'CONFORM_ISOLATION'

/** A secret of the worker's, by which its results are known. The worker takes it out before a runtime is loaded. */
export const TOKEN = 'CONFORM_TOKEN'

/**
 * Returns the environment of a worker. Names are allowed one by one; everything else of the user's, a credential among
 * it, stays outside. `own` wins, so no variable of the user's replaces ours.
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

/**
 * Takes every variable out of this worker's environment that is not on the lists: Vitest brings some of the user's along,
 * whatever the worker was started with.
 */
export function dropOtherVariables(): void {
  const kept = new Set([...KEPT_VARIABLES, ...VITEST_VARIABLES, ...LATER_VARIABLES, ISOLATION])
  for (const name of Object.keys(process.env)) if (!kept.has(name)) delete process.env[name]
}

/** Returns how this process is isolated: by what its environment says, which only who starts a worker writes. */
export function readIsolation(): Isolation {
  return isolations.find((one) => one === process.env[ISOLATION]) ?? 'process'
}
