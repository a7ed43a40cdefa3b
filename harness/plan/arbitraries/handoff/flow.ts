import fc from 'fast-check'
import type { AgentSpec, Flow } from '../../types.ts'

/** Returns an arbitrary of turn limits of some agents, sometimes with a condition that ends the workflow. */
export function arbitraryFlows(team: readonly AgentSpec[]): fc.Arbitrary<Flow> {
  const names = listParticipants(team)
  return fc
    .record({
      limits: fc.array(fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }), {
        minLength: names.length,
        maxLength: names.length,
      }),
      endAfter: fc.option(
        fc.record({ agent: fc.constantFrom(...names), messages: fc.integer({ min: 1, max: 4 }) }),
        { nil: undefined, freq: 2 },
      ),
    })
    .map(({ limits, endAfter }) => ({
      turnLimits: Object.fromEntries(
        names.flatMap((name, index) => (limits[index] === undefined ? [] : [[name, limits[index]]])),
      ),
      ...(endAfter ? { endAfter } : {}),
    }))
}

/** Returns the names of the agents that can have the conversation: the first one and all targets of handoffs. */
export function listParticipants(team: readonly AgentSpec[]): string[] {
  const handedTo = new Set(team.flatMap(({ handoffs }) => handoffs))
  return team.filter(({ name }, index) => index === 0 || handedTo.has(name)).map(({ name }) => name)
}

/** Returns whether a turn ends by the flow or by an agent without handoffs if every other agent always hands off. */
export function canEndWhenAllHandOff(team: readonly AgentSpec[], flow: Flow | undefined): boolean {
  const seen: string[] = []
  for (let name = team[0]?.name; name !== undefined && !seen.includes(name); ) {
    seen.push(name)
    name = team.find((agent) => agent.name === name)?.handoffs[0]
    // An agent without handoffs ends the turn with its message.
    if (name === undefined) return true
  }
  return flow?.endAfter !== undefined && seen.includes(flow.endAfter.agent)
}
