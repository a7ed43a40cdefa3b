import type { AgentHook, HookedAgent, HookPoint } from '../agent-hooks.ts'
import type { StepCall } from './step-call.ts'
import type { Holders, StepParts } from './step-parts.ts'

/** The hooks of an instrumentation, one at each point of an agent's loop. */
export type HookSet = { readonly [P in HookPoint]: AgentHook<P> }

/**
 * Keeps a set of hooks registered with each agent for as long as calls of it need them: registered once, however many calls
 * overlap, all or none; removed when the last call has let go. Agents are held weakly.
 */
export class HookLeases {
  readonly #hooks: HookSet
  readonly #holders: Holders
  readonly #parts: StepParts
  readonly #warn: (message: string) => void

  constructor(hooks: HookSet, parts: StepParts, warn: (message: string) => void) {
    this.#hooks = hooks
    this.#holders = parts.holders()
    this.#parts = parts
    this.#warn = warn
  }

  /** Throws where the agent takes one of the hooks not: then it has none of them, and the call holds nothing. */
  acquire(agent: HookedAgent, call: StepCall): void {
    const holders = this.#holders.get(agent) ?? new Set()
    if (this.#parts.registers(holders)) this.#register(agent, this.#parts.hookName(call))
    this.#holders.set(agent, holders.add(call))
  }

  /** A call that holds nothing, or not any more, lets go of nothing. */
  release(agent: HookedAgent, call: StepCall): void {
    const holders = this.#holders.get(agent)
    if (holders === undefined || !holders.delete(call)) return
    if (this.#parts.removes(holders)) this.#remove(agent, this.#parts.hookName(call))
    if (holders.size === 0) this.#holders.delete(agent)
  }

  #register(agent: HookedAgent, name: string): void {
    const registered: HookPoint[] = []
    const register = <P extends HookPoint>(point: P) => agent.hooks.register(point, name, this.#hooks[point])
    try {
      for (const point of points(this.#hooks)) {
        register(point)
        registered.push(point)
      }
    } catch (error) {
      for (const point of this.#parts.rolledBack(registered)) isRemoved(agent, point, name)
      throw error
    }
  }

  #remove(agent: HookedAgent, name: string): void {
    const lost = points(this.#hooks).filter((point) => !isRemoved(agent, point, name))
    if (lost.length > 0)
      this.#parts.hooksLost(() =>
        this.#warn(`agent ${agent.name} has lost the hooks ${lost.join(', ')}: steps were not seen`),
      )
  }
}

/** Whether the agent had the hook, and has it no more. */
function isRemoved(agent: HookedAgent, point: HookPoint, name: string): boolean {
  try {
    return agent.hooks.remove(point, name)
  } catch {
    return false
  }
}

function points(hooks: HookSet): HookPoint[] {
  return Object.keys(hooks) as HookPoint[]
}
