import type { AgentHook, HookedAgent, HookPoint } from '../agent-hooks.ts'
import type { StepCall } from './step-call.ts'
import type { Holders, StepParts } from './step-parts.ts'

/** The hooks of an instrumentation, one for each point of an agent's loop. */
export type HookSet = { readonly [P in HookPoint]: AgentHook<P> }

/**
 * Keeps a set of hooks registered with an agent while calls of the agent need them. Overlapping calls share one registration.
 * Either all hooks are registered or none. The hooks are removed when the last call releases them. Agents are held weakly.
 */
export class HookLeases {
  readonly #hooks: HookSet
  readonly #holders: Holders
  readonly #parts: StepParts
  readonly #warn: (message: string) => void

  constructor(hooks: HookSet, parts: StepParts, warn: (message: string) => void) {
    this.#hooks = hooks
    this.#holders = parts.createHolders()
    this.#parts = parts
    this.#warn = warn
  }

  /** Registers the hooks for a call. If the agent rejects one, all are removed again and the error is thrown. */
  acquire(agent: HookedAgent, call: StepCall): void {
    const holders = this.#holders.get(agent) ?? new Set()
    if (this.#parts.mustRegister(holders)) this.#register(agent, this.#parts.chooseHookName(call))
    this.#holders.set(agent, holders.add(call))
  }

  /** Releases the hooks for a call. Does nothing if the call has no lease. */
  release(agent: HookedAgent, call: StepCall): void {
    const holders = this.#holders.get(agent)
    if (holders === undefined || !holders.delete(call)) return
    if (this.#parts.mustRemove(holders)) this.#remove(agent, this.#parts.chooseHookName(call))
    if (holders.size === 0) this.#holders.delete(agent)
  }

  #register(agent: HookedAgent, name: string): void {
    const registered: HookPoint[] = []
    const register = <P extends HookPoint>(point: P) => agent.hooks.register(point, name, this.#hooks[point])
    try {
      for (const point of listPoints(this.#hooks)) {
        register(point)
        registered.push(point)
      }
    } catch (error) {
      for (const point of this.#parts.chooseRollback(registered)) removeHook(agent, point, name)
      throw error
    }
  }

  #remove(agent: HookedAgent, name: string): void {
    const lost = listPoints(this.#hooks).filter((point) => !removeHook(agent, point, name))
    if (lost.length > 0)
      this.#parts.onHooksLost(() =>
        this.#warn(
          `hooks of agent ${agent.name} were already removed, so steps are missing: ${lost.join(', ')}`,
        ),
      )
  }
}

/** Removes a hook. Returns whether the agent had the hook. */
function removeHook(agent: HookedAgent, point: HookPoint, name: string): boolean {
  try {
    return agent.hooks.remove(point, name)
  } catch {
    return false
  }
}

function listPoints(hooks: HookSet): HookPoint[] {
  return Object.keys(hooks) as HookPoint[]
}
