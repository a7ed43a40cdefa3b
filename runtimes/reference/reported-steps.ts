import type { Probe } from '../../harness/contract/runtime.ts'
import type { HookedAgent } from './agent-hooks.ts'
import { type AgentHook, AgentHooks, type HookPoint } from './agent-hooks.ts'
import type { StepCall } from './steps/step-call.ts'
import { StepInstrumentation, type StepOptions } from './steps/step-instrumentation.ts'
import type { AgentTelemetry } from './telemetry/agent-telemetry.ts'

/** The hooks of an agent. Each registration and removal is reported to the harness. */
export class ReportedHooks extends AgentHooks {
  readonly #agent: HookedAgent
  readonly #probe: Probe

  constructor(agent: HookedAgent, probe: Probe) {
    super()
    this.#agent = agent
    this.#probe = probe
  }

  override register<P extends HookPoint>(point: P, name: string, hook: AgentHook<P>): void {
    const then = this.#report('register', point)
    super.register(point, name, hook)
    if (then === 'lose') super.remove(point, name)
  }

  override remove(point: HookPoint, name: string): boolean {
    const removed = super.remove(point, name)
    if (removed) this.#report('remove', point)
    return removed
  }

  #report(at: 'register' | 'remove', hook: HookPoint) {
    return this.#probe.registration({ at, agent: this.#agent.name, of: this.#agent, hook })
  }
}

/** The step instrumentation. Each release is reported to the harness. */
export class ReportedSteps extends StepInstrumentation {
  readonly #probe: Probe

  constructor(telemetry: AgentTelemetry, options: StepOptions, probe: Probe) {
    super(telemetry, options)
    this.#probe = probe
  }

  override release(agent: HookedAgent, call: StepCall): void {
    super.release(agent, call)
    const then = this.#probe.registration({ at: 'release', agent: agent.name, of: agent })
    if (then === 'repeat') super.release(agent, call)
  }
}
