import type { Runtime } from '../contract/runtime.ts'
import { execute } from '../execute/execute.ts'
import type { Plan } from '../plan/types.ts'
import { buildReproCode } from '../repro/load-repro.ts'
import { observeHistory } from '../repro/seen.ts'
import { createTrafficRecorder } from '../repro/traffic.ts'
import type { RecordedRun } from './settings.ts'

/**
 * Runs a plan once. Returns the traffic, what a script can observe without the harness, and the source text of the runtime's
 * `repro.ts` if there is one. That file runs here, in the isolated worker.
 */
export async function recordRun(runtime: Runtime, plan: Plan, folder: string): Promise<RecordedRun> {
  const { createFetchWrapper, readTraffic } = createTrafficRecorder()
  const transport = runtime.remote ? 'http' : 'fetch'
  const history = await execute(runtime, plan, { transport, tap: createFetchWrapper })
  const repro = runtime.remote ? undefined : await buildReproCode(folder, plan)
  return { traffic: readTraffic(), seen: observeHistory(history), ...(repro ? { repro } : {}) }
}
