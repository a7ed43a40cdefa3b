import fc from 'fast-check'
import type { AgentSpec, Flow } from '../../types.ts'

/** Turn limits of some agents, and perhaps a condition that ends a turn. */
export function flows(team: readonly AgentSpec[]): fc.Arbitrary<Flow> {
  const names = participants(team)
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

/** The agents that can have the conversation: a nested one is the tool of another. */
export function participants(team: readonly AgentSpec[]): string[] {
  const handedTo = new Set(team.flatMap(({ handoffs }) => handoffs))
  return team.filter(({ name }, index) => index === 0 || handedTo.has(name)).map(({ name }) => name)
}

/** Whether a turn in which everyone hands off whenever it is asked comes to its end by the condition. */
export function endsEndless(team: readonly AgentSpec[], flow: Flow | undefined): boolean {
  const seen: string[] = []
  for (let name = team[0]?.name; name !== undefined && !seen.includes(name); ) {
    seen.push(name)
    name = team.find((agent) => agent.name === name)?.handoffs[0]
    // The last of a line hands to nobody, and what it says ends the turn.
    if (name === undefined) return true
  }
  return flow?.endAfter !== undefined && seen.includes(flow.endAfter.agent)
}
