import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pc from 'picocolors'
import { waitForStop } from '../until-stopped.ts'
import { runScenarios, type ScenarioResults, type ScenarioRun } from './run-scenarios.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Milliseconds without a further change before the scenarios run again. Editors write a file in several steps. */
const QUIET_TIME = 200

/**
 * Runs scenarios, and runs them again after each change of a file of the project or of a runtime, until SIGINT or SIGTERM.
 * Returns the exit code of the last run.
 */
export async function watchScenarios(
  run: ScenarioRun,
  conclude: (results: ScenarioResults) => Promise<number>,
): Promise<number> {
  const stopped = waitForStop().then(() => 'stopped' as const)
  let changed = Promise.withResolvers<'changed'>()
  let settling: NodeJS.Timeout | undefined
  const onChange = (_: string, file: string | null) => {
    if (file === null || !/\.(ts|json|yaml)$/.test(file) || file.includes('node_modules')) return
    clearTimeout(settling)
    settling = setTimeout(() => changed.resolve('changed'), QUIET_TIME)
  }
  const folders = [
    ...['harness', 'mocks', 'scenarios'].map(root),
    ...run.subjects.map(({ folder }) => folder),
  ]
  const watchers = folders.map((folder) => watch(folder, { recursive: true }, onChange))
  let code = 0
  try {
    do {
      changed = Promise.withResolvers()
      code = await conclude(await runScenarios(run))
      process.stdout.write(pc.dim('Waiting for a file to change. Press Ctrl+C to end.\n'))
    } while ((await Promise.race([changed.promise, stopped])) === 'changed')
  } finally {
    clearTimeout(settling)
    for (const watcher of watchers) watcher.close()
  }
  return code
}
