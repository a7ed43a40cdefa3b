import type { Runtime } from '../contract/runtime.ts'
import { execute } from '../execute/execute.ts'
import type { Plan } from '../plan/types.ts'
import { loadRepro } from '../repro/load-repro.ts'
import { seenIn } from '../repro/seen.ts'
import { watchTraffic } from '../repro/traffic.ts'
import type { RecordedRun } from './settings.ts'

/**
 * Runs a plan once. Returns the traffic, what a script can observe without the harness, and the source text of the runtime's
 * `repro.ts` if there is one. That file runs here, in the isolated worker.
 */
export async function recordRun(runtime: Runtime, plan: Plan, folder: string): Promise<RecordedRun> {
  const { tap, traffic } = watchTraffic()
  const history = await execute(runtime, plan, { transport: runtime.remote ? 'http' : 'fetch', tap })
  const repro = runtime.remote ? undefined : await loadRepro(folder, plan)
  return { traffic: traffic(), seen: seenIn(history), ...(repro ? { repro } : {}) }
}
