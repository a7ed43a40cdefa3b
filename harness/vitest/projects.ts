import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { hasManifest } from '../environments/manifest.ts'
import { refuseEvaluated, refuseOddFiles } from '../isolation/refuse-evaluated.ts'
import type { Workers } from '../isolation/workers.ts'
import type { Subject } from './settings.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The runtimes that are run where none is named: every folder under runtimes/ that holds an adapter. */
export function subjects(): Subject[] {
  return foldersWith((folder) => existsSync(join(folder, 'adapter.ts')))
}

/** The runtimes that are run, and installed, only when they are named: each lives in a process of its own. */
export function subjectsOnRequest(): Subject[] {
  return foldersWith((folder) => hasManifest(folder) && !existsSync(join(folder, 'adapter.ts')))
}

function foldersWith(holds: (folder: string) => boolean): Subject[] {
  const folder = join(root, 'runtimes')
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && holds(join(folder, entry.name)))
    .map(({ name }) => ({ name, folder: join(folder, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The most that a worker's heap may hold, in MB. */
export const HEAP = 1536

/**
 * The Vitest project of a runtime: the scenario files, each in a process of its own that is as a user's would be.
 * `workers`: who starts these processes and can end them.
 */
export function projectOf(subject: Subject, workers: Workers): TestProjectInlineConfiguration {
  return {
    root,
    plugins: [refuseOddFiles(), refuseEvaluated()],
    // Vite would hand the user's variables with its prefix to the worker, and read .env files.
    envDir: false,
    envPrefix: 'CONFORM_NONE_HAS_THIS_',
    test: {
      name: subject.name,
      include: ['scenarios/*.ts'],
      exclude: ['**/*.test.ts', '**/node_modules/**'],
      runner: join(root, 'harness/vitest/runner.ts'),
      provide: { subject },
      pool: workers.pool(),
      // A watchdog outside the worker keeps the time: a limit inside it cannot stop a loop.
      testTimeout: 0,
      hookTimeout: 0,
      // Under any other value some runtimes switch their tracing off without a word.
      env: { NODE_ENV: 'production' },
      // What telemetry still holds of agents that were replaced is seen only where garbage is collected on purpose.
      execArgv: [`--max-old-space-size=${HEAP}`, '--expose-gc'],
      disableConsoleIntercept: true,
    },
  }
}
