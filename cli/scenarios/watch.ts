import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pc from 'picocolors'
import { untilStopped } from '../until-stopped.ts'
import { runScenarios, type ScenarioResults, type ScenarioRun } from './run-scenarios.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** So long after the last change the scenarios are run again, in milliseconds: an editor writes in several steps. */
const SETTLES = 200

/** Runs scenarios, and again whenever one of our files or of a runtime's folder changes, until it is interrupted. Gives the last exit code. */
export async function watchScenarios(
  run: ScenarioRun,
  conclude: (results: ScenarioResults) => Promise<number>,
): Promise<number> {
  const stopped = untilStopped().then(() => 'stopped' as const)
  let changed = Promise.withResolvers<'changed'>()
  let settling: NodeJS.Timeout | undefined
  const onChange = (_: string, file: string | null) => {
    if (file === null || !/\.(ts|json|yaml)$/.test(file) || file.includes('node_modules')) return
    clearTimeout(settling)
    settling = setTimeout(() => changed.resolve('changed'), SETTLES)
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
      process.stdout.write(pc.dim('Waiting for a change; interrupt to end.\n'))
    } while ((await Promise.race([changed.promise, stopped])) === 'changed')
  } finally {
    clearTimeout(settling)
    for (const watcher of watchers) watcher.close()
  }
  return code
}
