import type { Answer } from '../../mocks/service/types.ts'
import type { AgentSpec } from './types.ts'

/** Returns the names of a team's tools that hang at one of their calls. */
export function listHangingTools(team: readonly AgentSpec[]): ReadonlySet<string> {
  const tools = team.flatMap((agent) => agent.tools)
  return new Set(tools.filter(({ does }) => does.some(({ kind }) => kind === 'hang')).map(({ name }) => name))
}

/** Returns what keeps a run waiting for ever at an answer: a stall of the answer or a tool that hangs. */
export function findHold(
  { faults, items }: Answer,
  hanging: ReadonlySet<string>,
): 'a stall' | 'a tool that hangs' | undefined {
  if (faults?.some(({ kind }) => kind === 'stall')) return 'a stall'
  return items.some((item) => item.type === 'call' && hanging.has(item.tool))
    ? 'a tool that hangs'
    : undefined
}
