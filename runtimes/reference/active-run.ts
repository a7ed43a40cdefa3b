import type { AgentDefinition } from './agent-definition.ts'
import type { RunScope } from './run-scope.ts'

/** A run with all parts of its agent, for the code that executes the run. */
export interface ActiveRun extends RunScope {
  readonly definition: AgentDefinition
}
