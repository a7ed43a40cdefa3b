import fc from 'fast-check'
import type { Json, JsonObject } from '../../../mocks/json.ts'
import type { AgentSpec, ToolAction } from '../types.ts'
import { buildTool, NESTED, toolSets } from './tool.ts'

/** The name of the tool that never returns. It is called only in turns that are stopped. */
export const HANGING_TOOL = 'wait_for_rain'

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>('sunny, 21 degrees', 'no such city', 'über 20 °C ⚓'),
  fc.constantFrom<Json>(0, false, null, '', [], {}, 'a long report. '.repeat(200)),
  fc.record({ degrees: fc.integer({ min: -40, max: 40 }), city: fc.constantFrom('Oslo', 'Rīga') }),
)

/** Returns an arbitrary of an agent's model parameters. Most agents have none. */
export function arbitrarySettings({ settings }: Pick<TeamSetup, 'settings'>): fc.Arbitrary<Settings> {
  if (!settings) return fc.constant({})
  const some: JsonObject[] = [{ temperature: 0.2 }, { top_p: 0.9, max_output_tokens: 900 }]
  return fc.constantFrom<Settings>({}, {}, ...some.map((settings) => ({ settings })))
}

type Settings = Pick<AgentSpec, 'settings'>

/** What generated teams can contain. */
export interface TeamSetup {
  /** Whether agents can have model parameters. */
  settings: boolean
  tools: boolean
  /** Whether some tool results wait until the harness opens their gates. */
  gated: boolean
  /** Whether some of these tools ignore that their run is stopped. */
  ignoring: boolean
  /** Percentage of tool calls that throw. */
  throwing: number
  /** Whether the first agent has the tool that never returns. */
  hanging: boolean
  /** The agents that can be a tool of the first agent: a second agent, or the first agent itself. */
  nested: readonly ('another' | 'itself')[]
}

/** Returns an arbitrary of what one call of a tool does. */
export function arbitraryAction({
  gated,
  ignoring,
  throwing,
}: Pick<TeamSetup, 'gated' | 'ignoring' | 'throwing'>): fc.Arbitrary<ToolAction> {
  const waiting = ignoring ? { gated: true, ignoresSignal: true } : { gated: true }
  const waits = [{}, {}, {}, { gated: true }, waiting, waiting]
  const wait = gated ? fc.constantFrom(...waits) : fc.constant({})
  const gives = value.map((value): ToolAction => ({ kind: 'return', value }))
  const throws = fc.constant<ToolAction>({ kind: 'throw', message: 'the station does not answer' })
  return fc
    .tuple(
      fc.oneof({ weight: 100 - throwing, arbitrary: gives }, { weight: throwing, arbitrary: throws }),
      wait,
    )
    .map(([act, wait]) => ({ ...act, ...wait }))
}

/** Returns an arbitrary of teams: one agent with up to two tools, and the tools that `hanging` and `nested` allow. */
export function arbitraryTeams(setup: TeamSetup): fc.Arbitrary<AgentSpec[]> {
  const names = setup.tools ? fc.constantFrom(...toolSets) : fc.constant<readonly string[]>([])
  return fc
    .record({
      tools: names.chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc
              .array(arbitraryAction(setup), { minLength: 1, maxLength: 3 })
              .map((does) => buildTool(name, does)),
          ),
        ),
      ),
      nested: fc.constantFrom(undefined, ...setup.nested),
      streets: fc.array(arbitraryAction(setup), { minLength: 1, maxLength: 2 }),
      hasStreets: fc.boolean(),
      first: arbitrarySettings(setup),
      second: arbitrarySettings(setup),
    })
    .map(({ tools, nested, streets, hasStreets, ...settings }) => {
      const first: AgentSpec = {
        name: 'agent',
        instructions: 'You are a careful assistant.',
        tools: [
          ...tools,
          ...(setup.hanging ? [buildTool(HANGING_TOOL, [{ kind: 'hang' }])] : []),
          ...(nested
            ? [
                buildTool(NESTED.tool, [
                  { kind: 'agent', agent: nested === 'itself' ? 'agent' : NESTED.agent },
                ]),
              ]
            : []),
        ],
        handoffs: [],
        ...settings.first,
      }
      const atlas: AgentSpec = {
        name: NESTED.agent,
        instructions: 'You know all maps.',
        tools: hasStreets ? [buildTool(NESTED.ownTool, streets)] : [],
        handoffs: [],
        ...settings.second,
      }
      return nested === 'another' ? [first, atlas] : [first]
    })
}
