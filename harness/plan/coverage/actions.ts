import type { AgentSpec, Conversation, Plan, ToolAction } from '../types.ts'

/** Returns what the tools do in a plan: the action of each call that the model makes if every run goes well. */
export function listActions({ team, conversations }: Plan): ToolAction[] {
  return conversations.flatMap((conversation) => listActionsOf(conversation, team))
}

function listActionsOf({ turns }: Conversation, team: readonly AgentSpec[]): ToolAction[] {
  const counts = new Map<string, number>()
  let holder = team[0]
  return turns.flatMap(({ answers }) =>
    answers.flatMap(({ agent, items }) => {
      const calls = items.flatMap((item) => (item.type === 'call' ? [item.tool] : []))
      const caller = agent === undefined ? holder : findAgent(team, agent)
      const handoff = items.find((item) => item.type === 'handoff')
      if (handoff?.type === 'handoff') holder = findAgent(team, handoff.to) ?? holder
      return calls.flatMap((name) => {
        const key = `${caller?.name} ${name}`
        const call = counts.get(key) ?? 0
        counts.set(key, call + 1)
        const does = caller?.tools.find((tool) => tool.name === name)?.does ?? []
        return does[Math.min(call, does.length - 1)] ?? []
      })
    }),
  )
}

function findAgent(team: readonly AgentSpec[], name: string): AgentSpec | undefined {
  return team.find((agent) => agent.name === name)
}
