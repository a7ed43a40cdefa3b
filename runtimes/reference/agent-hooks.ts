import type { Context } from '@opentelemetry/api'
import type { Response, ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { RunContext } from './context-provider.ts'
import type { Item } from './items.ts'
import type { TracedAgent } from './telemetry/traced-agent.ts'

/** An agent, as the hooks of its loop see it. */
export interface HookedAgent {
  readonly name: string
  readonly hooks: AgentHooks
  readonly definition: TracedAgent
}

/** What a hook of an agent's loop is told, by where in a round of it the hook is called. */
export interface HookSubjects {
  /** Before the model is asked. */
  preReasoning: InRun
  /** When it has answered, whole or incomplete; not where asking it failed. */
  postReasoning: InRun & { response: Response }
  /** Before any call of an answer is run; once for each of its calls, in their order. */
  preActing: InRun & { call: ResponseFunctionToolCall }
  /** When that call has its output; not where the run was stopped before. */
  postActing: InRun & { call: ResponseFunctionToolCall; output: Item }
}

interface InRun {
  run: RunContext
  /** Where spans of the run's work belong. */
  trace: Context
}

export type HookPoint = keyof HookSubjects

export type AgentHook<P extends HookPoint> = (
  agent: HookedAgent,
  about: HookSubjects[P],
) => void | Promise<void>

type Registered = { [P in HookPoint]: Map<string, AgentHook<P>> }

/**
 * The hooks of one agent's loop, each under a name of its own. They are called for every run of the agent, in the order of
 * registration; what one throws fails the run.
 */
export class AgentHooks {
  readonly #hooks: Registered = {
    preReasoning: new Map(),
    postReasoning: new Map(),
    preActing: new Map(),
    postActing: new Map(),
  }

  /** Throws where there is one of that name already. */
  register<P extends HookPoint>(point: P, name: string, hook: AgentHook<P>): void {
    const hooks: Map<string, AgentHook<P>> = this.#hooks[point]
    if (hooks.has(name)) throw new Error(`there is a ${point} hook named ${name} already`)
    hooks.set(name, hook)
  }

  /** Whether there was one of that name. */
  remove(point: HookPoint, name: string): boolean {
    return this.#hooks[point].delete(name)
  }

  async call<P extends HookPoint>(point: P, agent: HookedAgent, about: HookSubjects[P]): Promise<void> {
    const hooks: Map<string, AgentHook<P>> = this.#hooks[point]
    for (const hook of [...hooks.values()]) await hook(agent, about)
  }
}
