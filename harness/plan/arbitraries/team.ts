import fc from 'fast-check'
import type { Json, JsonObject } from '../../../mocks/json.ts'
import type { AgentSpec, ToolAct, ToolSpec } from '../types.ts'

const parameters: JsonObject = {
  type: 'object',
  properties: { value: { type: 'string' } },
  required: ['value'],
  additionalProperties: false,
}

/** The tool that never gives its result: called only in turns that are stopped. */
export const HANGING = 'wait_for_rain'

/** The other agent that may be a tool of the first one, and the tool's name, whoever it is. */
export const NESTED = { agent: 'atlas', tool: 'ask_atlas' }

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>('sunny, 21 degrees', 'no such city', 'über 20 °C ⚓'),
  fc.record({ degrees: fc.integer({ min: -40, max: 40 }), city: fc.constantFrom('Oslo', 'Rīga') }),
)

/** What teams are drawn from. */
export interface TeamSetup {
  tools: boolean
  /** Whether some tool results wait for delivery. */
  gated: boolean
  /** Share of tool calls that throw, in percent. */
  throwing: number
  /** Whether a tool that never gives its result is among them. */
  hanging: boolean
  /** The agents that may be a tool of the first one: another, or the first one itself. */
  nested: readonly ('another' | 'itself')[]
}

/** What one call of a tool does. */
export function act({ gated, throwing }: Pick<TeamSetup, 'gated' | 'throwing'>): fc.Arbitrary<ToolAct> {
  const wait = gated ? fc.boolean() : fc.constant(false)
  const gives = value.map((value): ToolAct => ({ kind: 'return', value }))
  const throws = fc.constant<ToolAct>({ kind: 'throw', message: 'the station does not answer' })
  return fc
    .tuple(
      fc.oneof({ weight: 100 - throwing, arbitrary: gives }, { weight: throwing, arbitrary: throws }),
      wait,
    )
    .map(([act, gated]) => (gated ? ({ ...act, gated: true } as ToolAct) : act))
}

export function tool(name: string, does: ToolAct[]): ToolSpec {
  return { name, description: `What ${name} knows.`, parameters, does }
}

/** One agent with up to two tools, perhaps one that hangs, and perhaps a second agent, or itself, as a tool of the first. */
export function teams(setup: TeamSetup): fc.Arbitrary<AgentSpec[]> {
  const both = ['get_weather', 'find_city']
  const some = [both, both, ['get_weather'], ['get_weather'], ['find_city'], ['find_city'], []]
  const names = setup.tools ? fc.constantFrom(...some) : fc.constant([])
  return fc
    .record({
      tools: names.chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc.array(act(setup), { minLength: 1, maxLength: 3 }).map((does) => tool(name, does)),
          ),
        ),
      ),
      nested: fc.constantFrom(undefined, ...setup.nested),
    })
    .map(({ tools, nested }) => {
      const first: AgentSpec = {
        name: 'agent',
        instructions: 'You are a careful assistant.',
        tools: [
          ...tools,
          ...(setup.hanging ? [tool(HANGING, [{ kind: 'hang' }])] : []),
          ...(nested
            ? [tool(NESTED.tool, [{ kind: 'agent', agent: nested === 'itself' ? 'agent' : NESTED.agent }])]
            : []),
        ],
        handoffs: [],
      }
      const atlas = { name: NESTED.agent, instructions: 'You know all maps.', tools: [], handoffs: [] }
      return nested === 'another' ? [first, atlas] : [first]
    })
}
