import type { AgentDescription } from './agent-description.ts'
import type { AgentHooks, HookedAgent } from './agent-hooks.ts'
import type { Parts } from './parts.ts'
import type { AgentTelemetry } from './telemetry/agent-telemetry.ts'

/** An agent's description, and the telemetry, hooks and parts that its runs use. All its runs share one, also nested runs. */
export interface AgentDefinition extends AgentDescription {
  readonly telemetry: AgentTelemetry
  /** Makes the hooks of each agent's loop; by default they are plain ones. */
  readonly hooksFor?: (agent: HookedAgent) => AgentHooks
  /** The decisions that its runs follow; a defect replaces some. */
  readonly parts: Parts
}
