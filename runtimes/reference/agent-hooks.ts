import type { Context } from '@opentelemetry/api'
import type { Response, ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { RunContext } from './context-provider.ts'
import type { Item } from './items.ts'
import type { TracedAgent } from './telemetry/traced-agent.ts'

/** The agent that a hook of the loop receives. */
export interface HookedAgent {
  readonly name: string
  readonly hooks: AgentHooks
  readonly definition: TracedAgent
}

/** The data that a hook of an agent's loop receives, by the point in the loop at which the hook is called. */
export interface HookSubjects {
  /** Before the request to the model. */
  preReasoning: InRun
  /** After the model's answer, complete or incomplete. Not called if the request failed. */
  postReasoning: InRun & { response: Response }
  /** Before the tools of an answer run: once for each tool call, in the order of the calls. */
  preActing: InRun & { call: ResponseFunctionToolCall }
  /** After a tool call has its output. Not called if the run was stopped before. */
  postActing: InRun & { call: ResponseFunctionToolCall; output: Item }
}

interface InRun {
  run: RunContext
  /** The parent context for spans of the run's work. */
  trace: Context
}

export type HookPoint = keyof HookSubjects

export type AgentHook<P extends HookPoint> = (
  agent: HookedAgent,
  about: HookSubjects[P],
) => void | Promise<void>

type Registered = { [P in HookPoint]: Map<string, AgentHook<P>> }

/**
 * The hooks of one agent's loop. At each point of the loop, each hook has a unique name. The hooks are called for every run of
 * the agent, in the order of registration. If a hook throws, the run fails.
 */
export class AgentHooks {
  readonly #hooks: Registered = {
    preReasoning: new Map(),
    postReasoning: new Map(),
    preActing: new Map(),
    postActing: new Map(),
  }

  /** Throws if a hook of that name is already registered at that point. */
  register<P extends HookPoint>(point: P, name: string, hook: AgentHook<P>): void {
    const hooks: Map<string, AgentHook<P>> = this.#hooks[point]
    if (hooks.has(name)) throw new Error(`a ${point} hook named ${name} is already registered`)
    hooks.set(name, hook)
  }

  /** Removes a hook. Returns whether a hook of that name was registered. */
  remove(point: HookPoint, name: string): boolean {
    return this.#hooks[point].delete(name)
  }

  async call<P extends HookPoint>(point: P, agent: HookedAgent, about: HookSubjects[P]): Promise<void> {
    const hooks: Map<string, AgentHook<P>> = this.#hooks[point]
    for (const hook of [...hooks.values()]) await hook(agent, about)
  }
}
