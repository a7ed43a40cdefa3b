import type { AgentDescription } from './agent-description.ts'
import type { AgentHooks, HookedAgent } from './agent-hooks.ts'
import type { Parts } from './parts.ts'
import type { AgentTelemetry } from './telemetry/agent-telemetry.ts'

/** An agent's description, and the telemetry, hooks and parts of its runs. All runs share it, including nested runs. */
export interface AgentDefinition extends AgentDescription {
  readonly telemetry: AgentTelemetry
  /** Creates the hooks of an agent's loop. Default: `new AgentHooks()`. */
  readonly hooksFor?: (agent: HookedAgent) => AgentHooks
  /** The decisions that its runs follow. A defect replaces some of them. */
  readonly parts: Parts
}
