import type { Probe } from '../contract/runtime.ts'
import type { HistoryRecorder } from '../history/recorder.ts'
import type { HookFault } from '../plan/types.ts'

/** Returns the probe for hooks. It records each call, and throws if the plan makes the hook throw. */
export function createHookProbe(
  { add }: HistoryRecorder,
  /** Returns which hook the plan breaks in the turn of a run. Undefined for a run that is not in the plan. */
  breaksOf: (run: string) => HookFault | undefined,
): Probe['hook'] {
  const calls = new Map<string, number>()
  return ({ run, agent, name, second }) => {
    const whose = { ...(agent === undefined ? {} : { agent }), ...(second ? { second } : {}) }
    const told = { kind: 'hook' as const, run, name, ...whose }
    const breaks = run === null ? undefined : breaksOf(run)
    if (breaks?.hook !== name) return add(told)
    const key = `${run} ${name}`
    const nth = calls.get(key) ?? 0
    calls.set(key, nth + 1)
    if (nth !== breaks.nth) return add(told)
    add({ ...told, threw: true })
    throw new Error(`conformance: hook ${name} throws`)
  }
}
