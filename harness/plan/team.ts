import type { AgentSpec } from './types.ts'

/** Returns the names of the agents that an agent of the team has as a tool. */
export function listAgentsUsedAsTools(team: readonly AgentSpec[]): Set<string> {
  return new Set(
    team.flatMap(({ tools }) =>
      tools.flatMap(({ does }) => does.flatMap((act) => (act.kind === 'agent' ? [act.agent] : []))),
    ),
  )
}

/** Returns whether any agent can hand off to another. */
export function hasHandoffs(team: readonly AgentSpec[]): boolean {
  return team.some(({ handoffs }) => handoffs.length > 0)
}
