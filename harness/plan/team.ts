import type { AgentSpec } from './types.ts'

/** The names of the agents that are a tool of another. */
export function toolAgents(team: readonly AgentSpec[]): Set<string> {
  return new Set(
    team.flatMap(({ tools }) =>
      tools.flatMap(({ does }) => does.flatMap((act) => (act.kind === 'agent' ? [act.agent] : []))),
    ),
  )
}

/** Whether any agent may hand the conversation to another. */
export function handsOff(team: readonly AgentSpec[]): boolean {
  return team.some(({ handoffs }) => handoffs.length > 0)
}
