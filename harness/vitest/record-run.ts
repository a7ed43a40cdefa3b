import { execute } from '../execute/execute.ts'
import type { Plan } from '../plan/types.ts'
import { seenIn } from '../repro/seen.ts'
import { watchTraffic } from '../repro/traffic.ts'
import type { Runtime } from '../runtime.ts'
import type { RecordedRun } from './settings.ts'

/** Runs a plan once and writes down what went over the wire, and what of it is seen without the harness. */
export async function recordRun(runtime: Runtime, plan: Plan): Promise<RecordedRun> {
  const { tap, traffic } = watchTraffic()
  const history = await execute(runtime, plan, { transport: runtime.remote ? 'http' : 'fetch', tap })
  return { traffic: traffic(), seen: seenIn(history) }
}
