import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { hasManifest } from '../environments/manifest.ts'
import { refuseEvaluated, refuseOddFiles } from '../isolation/refuse-evaluated.ts'
import type { Workers } from '../isolation/workers.ts'
import { editSources } from './edit-sources.ts'
import type { Subject } from './settings.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Returns the default runtimes: every folder under runtimes/ with an adapter.ts. */
export function listDefaultSubjects(): Subject[] {
  return findFolders((folder) => existsSync(join(folder, 'adapter.ts')))
}

/** Returns the runtimes that are installed and run only if they are named. Each runs in its own process. */
export function listRequestedSubjects(): Subject[] {
  return findFolders((folder) => hasManifest(folder) && !existsSync(join(folder, 'adapter.ts')))
}

function findFolders(holds: (folder: string) => boolean): Subject[] {
  const folder = join(root, 'runtimes')
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && holds(join(folder, entry.name)))
    .map(({ name }) => ({ name, folder: join(folder, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * The files of the harness, which Node loads faster than Vite. Those in `harness/vitest` stay with Vite: they import the runtime, which
 * Vite must check and edit.
 */
const OWN_CODE = new RegExp(`^(?:file://)?${RegExp.escape(root)}(?:harness/(?!vitest/)|mocks/|reports/)`)

/** Maximum heap of a worker, in MB. */
export const MOST_HEAP = 1536

/**
 * Returns the Vitest project of a runtime: the scenario files, each in its own process. `workers` starts the processes, and can
 * end them.
 */
export function buildProject(subject: Subject, workers: Workers): TestProjectInlineConfiguration {
  return {
    root,
    plugins: [refuseOddFiles(), editSources(subject.folder), refuseEvaluated()],
    // By default, Vite passes environment variables of the user to the worker and reads .env files.
    envDir: false,
    envPrefix: 'CONFORM_NONE_HAS_THIS_',
    test: {
      name: subject.name,
      include: ['scenarios/*.ts'],
      exclude: ['**/*.test.ts', '**/node_modules/**'],
      runner: join(root, 'harness/vitest/runner.ts'),
      provide: { subject },
      pool: workers.pool(),
      server: { deps: { external: [OWN_CODE] } },
      // A watchdog outside the worker limits the time. A limit inside the process cannot stop an endless loop.
      testTimeout: 0,
      hookTimeout: 0,
      // Some runtimes silently switch their tracing off under any other value.
      env: { NODE_ENV: 'production' },
      // With explicit garbage collection, the harness sees which replaced agents are still in memory.
      execArgv: [`--max-old-space-size=${MOST_HEAP}`, '--expose-gc'],
      disableConsoleIntercept: true,
    },
  }
}
