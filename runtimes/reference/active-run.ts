import type { AgentDefinition } from './agent-definition.ts'
import type { RunScope } from './run-scope.ts'

/** A run with all of its agent's parts, for the code that carries the run out. */
export interface ActiveRun extends RunScope {
  readonly definition: AgentDefinition
}
