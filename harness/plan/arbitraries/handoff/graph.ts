import fc from 'fast-check'
import type { AgentSpec, ToolSpec } from '../../types.ts'
import { act, HANGING, NESTED, type TeamSetup, tool } from '../team.ts'

/** Who may hand off to whom: for each agent the indexes of others. */
type Edges = readonly (readonly number[])[]

const NAMES = ['coordinator', 'researcher', 'summariser', 'translator', 'reviewer'] as const

/** Two to five agents that hand off to one another, the first of them having every conversation at its beginning. */
export function graphs(setup: TeamSetup): fc.Arbitrary<AgentSpec[]> {
  return fc.integer({ min: 2, max: NAMES.length }).chain((count) =>
    fc
      .record({
        edges: fc.oneof(
          { weight: 2, arbitrary: fc.constant(star(count)) },
          { weight: 2, arbitrary: fc.constant(ring(count)) },
          { weight: 1, arbitrary: fc.constant(line(count)) },
          { weight: 3, arbitrary: anyhow(count) },
        ),
        tools: fc.array(toolsOf(setup), { minLength: count, maxLength: count }),
        nested:
          setup.nested.length > 0
            ? fc.integer({ min: 0, max: 4 }).map((one) => one === 0)
            : fc.constant(false),
      })
      .map(({ edges, tools, nested }) => {
        const agents = edges.map((to, index): AgentSpec => {
          const asks =
            nested && index === 0 ? [tool(NESTED.tool, [{ kind: 'agent', agent: NESTED.agent }])] : []
          return {
            name: nameOf(index),
            instructions: `You are the ${nameOf(index)}.`,
            tools: [...(tools[index] ?? []), ...asks],
            handoffs: to.map(nameOf),
          }
        })
        const atlas = { name: NESTED.agent, instructions: 'You know all maps.', tools: [], handoffs: [] }
        return nested ? [...agents, atlas] : agents
      }),
  )
}

function nameOf(index: number): string {
  return NAMES[index] ?? `agent_${index}`
}

/** The first hands work out, and all others hand it back. */
function star(count: number): Edges {
  return indexes(count).map((index) => (index === 0 ? indexes(count).slice(1) : [0]))
}

/** Each hands to the next, the last to the first. */
function ring(count: number): Edges {
  return indexes(count).map((index) => [(index + 1) % count])
}

/** Each hands to the next, and the last to nobody. */
function line(count: number): Edges {
  return indexes(count).map((index) => (index + 1 < count ? [index + 1] : []))
}

/** Any graph in which the first hands to somebody. */
function anyhow(count: number): fc.Arbitrary<Edges> {
  return fc.tuple(
    ...indexes(count).map((index) =>
      fc.subarray(
        indexes(count).filter((other) => other !== index),
        { minLength: index === 0 ? 1 : 0 },
      ),
    ),
  )
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** At most one tool, and perhaps one that never gives its result. */
function toolsOf({ tools, gated, throwing, hanging }: TeamSetup): fc.Arbitrary<ToolSpec[]> {
  if (!tools) return fc.constant([])
  const some = fc
    .constantFrom(['get_weather'], ['find_city'], [])
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc.array(act({ gated, throwing }), { minLength: 1, maxLength: 2 }).map((does) => tool(name, does)),
        ),
      ),
    )
  return some.map((own) => [...own, ...(hanging ? [tool(HANGING, [{ kind: 'hang' }])] : [])])
}
