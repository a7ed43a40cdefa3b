import fc from 'fast-check'
import type { JsonObject } from '../../../mocks/json.ts'
import type { ToolAction, ToolSpec } from '../types.ts'

/**
 * The name of the second agent that can be a tool of the first one, the name of the tool for any nested agent, and the tool that the
 * second agent can have itself.
 */
export const NESTED = { agent: 'atlas', tool: 'ask_atlas', ownTool: 'find_street' }

/** The schema of what a tool takes, and the arguments that generated calls give it. */
interface DrawnTool {
  parameters: JsonObject
  args: fc.Arbitrary<JsonObject>
}

const value = fc.constantFrom('Oslo', 'Rīga', '')

const oneText: DrawnTool = {
  parameters: {
    type: 'object',
    properties: { value: { type: 'string' } },
    required: ['value'],
    additionalProperties: false,
  },
  args: fc.record({ value }),
}

/** A tool with nested and optional parameters. */
const nestedAndOptional: DrawnTool = {
  parameters: {
    type: 'object',
    properties: {
      value: { type: 'string', description: 'A part of the name.' },
      near: {
        type: 'object',
        properties: { lat: { type: 'number' }, lon: { type: 'number' } },
        required: ['lat', 'lon'],
        additionalProperties: false,
      },
      kinds: { type: 'array', items: { type: 'string', enum: ['town', 'capital'] } },
    },
    required: ['value'],
    additionalProperties: false,
  },
  args: fc.record(
    { value, near: fc.constant({ lat: 59.9, lon: -10 }), kinds: fc.constantFrom([], ['capital', 'town']) },
    { requiredKeys: ['value'] },
  ),
}

/** A tool that takes nothing. */
const nothing: DrawnTool = {
  parameters: { type: 'object', properties: {}, additionalProperties: false },
  args: fc.constant({}),
}

/** What an agent that is a tool takes. The text is never empty, for it tells the calls of the agent apart. */
const question: DrawnTool = { ...oneText, args: fc.record({ value: fc.constantFrom('Oslo', 'Rīga') }) }

const drawnTools: Readonly<Record<string, DrawnTool>> = {
  find_city: nestedAndOptional,
  read_clock: nothing,
  [NESTED.tool]: question,
}

/** The sets of tools that a generated agent can have. */
export const toolSets: readonly (readonly string[])[] = [
  ['get_weather', 'find_city'],
  ['get_weather', 'find_city'],
  ['get_weather'],
  ['get_weather', 'read_clock'],
  ['find_city'],
  ['find_city', 'read_clock'],
  [],
]

export function buildTool(name: string, does: ToolAction[]): ToolSpec {
  const { parameters } = drawnTools[name] ?? oneText
  return { name, description: `What ${name} knows.`, parameters, does }
}

/** Returns an arbitrary of arguments for a generated tool. They fit its parameters. */
export function arbitraryArguments(tool: string): fc.Arbitrary<JsonObject> {
  return (drawnTools[tool] ?? oneText).args
}
