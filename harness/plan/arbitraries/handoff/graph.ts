import fc from 'fast-check'
import type { AgentSpec, ToolSpec } from '../../types.ts'
import { arbitraryAction, arbitrarySettings, HANGING_TOOL, type TeamSetup } from '../team.ts'
import { buildTool, NESTED } from '../tool.ts'

/** For each agent, the indexes of the agents that it can hand off to. */
type Edges = readonly (readonly number[])[]

const NAMES = ['coordinator', 'researcher', 'summariser', 'translator', 'reviewer'] as const

/** Returns an arbitrary of teams of two to five agents that hand off. The first agent begins every conversation. */
export function arbitraryHandoffTeams(setup: TeamSetup): fc.Arbitrary<AgentSpec[]> {
  return fc.integer({ min: 2, max: NAMES.length }).chain((count) =>
    fc
      .record({
        edges: fc.oneof(
          { weight: 2, arbitrary: fc.constant(buildStar(count)) },
          { weight: 2, arbitrary: fc.constant(buildRing(count)) },
          { weight: 1, arbitrary: fc.constant(buildLine(count)) },
          { weight: 3, arbitrary: arbitraryEdges(count) },
        ),
        tools: fc.array(arbitraryTools(setup), { minLength: count, maxLength: count }),
        settings: fc.array(arbitrarySettings(setup), { minLength: count, maxLength: count }),
        nested:
          setup.nested.length > 0
            ? fc.integer({ min: 0, max: 4 }).map((one) => one === 0)
            : fc.constant(false),
      })
      .map(({ edges, tools, nested, settings }) => {
        const agents = edges.map((to, index): AgentSpec => {
          const asks =
            nested && index === 0 ? [buildTool(NESTED.tool, [{ kind: 'agent', agent: NESTED.agent }])] : []
          return {
            name: chooseName(index),
            instructions: `You are the ${chooseName(index)}.`,
            tools: [...(tools[index] ?? []), ...asks],
            handoffs: to.map(chooseName),
            ...settings[index],
          }
        })
        const atlas = { name: NESTED.agent, instructions: 'You know all maps.', tools: [], handoffs: [] }
        return nested ? [...agents, atlas] : agents
      }),
  )
}

function chooseName(index: number): string {
  return NAMES[index] ?? `agent_${index}`
}

/** The first agent hands off to every other agent, and each of them hands off to the first. */
function buildStar(count: number): Edges {
  return listIndexes(count).map((index) => (index === 0 ? listIndexes(count).slice(1) : [0]))
}

/** Each agent hands off to the next, and the last to the first. */
function buildRing(count: number): Edges {
  return listIndexes(count).map((index) => [(index + 1) % count])
}

/** Each agent hands off to the next, and the last does not hand off. */
function buildLine(count: number): Edges {
  return listIndexes(count).map((index) => (index + 1 < count ? [index + 1] : []))
}

/** Returns an arbitrary of any graph in which the first agent hands off. */
function arbitraryEdges(count: number): fc.Arbitrary<Edges> {
  return fc.tuple(
    ...listIndexes(count).map((index) =>
      fc.subarray(
        listIndexes(count).filter((other) => other !== index),
        { minLength: index === 0 ? 1 : 0 },
      ),
    ),
  )
}

function listIndexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** Returns an arbitrary of up to two tools, and the tool that never returns if `hanging` is set. */
function arbitraryTools({ tools, gated, ignoring, throwing, hanging }: TeamSetup): fc.Arbitrary<ToolSpec[]> {
  if (!tools) return fc.constant([])
  const some = fc
    .constantFrom(['get_weather'], ['find_city'], ['get_weather', 'find_city'], [])
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc
            .array(arbitraryAction({ gated, ignoring, throwing }), { minLength: 1, maxLength: 2 })
            .map((does) => buildTool(name, does)),
        ),
      ),
    )
  return some.map((own) => [...own, ...(hanging ? [buildTool(HANGING_TOOL, [{ kind: 'hang' }])] : [])])
}
