import fc from 'fast-check'
import type { Json, JsonObject } from '../../../mocks/json.ts'
import type { AgentSpec, ToolSpec } from '../types.ts'

const parameters: JsonObject = {
  type: 'object',
  properties: { value: { type: 'string' } },
  required: ['value'],
  additionalProperties: false,
}

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>('sunny, 21 degrees', 'no such city', 'über 20 °C ⚓'),
  fc.record({ degrees: fc.integer({ min: -40, max: 40 }), city: fc.constantFrom('Oslo', 'Rīga') }),
)

function toolNamed(name: string, gated: boolean): fc.Arbitrary<ToolSpec> {
  const act = fc
    .record({ value, gated: gated ? fc.boolean() : fc.constant(false) })
    .map(({ value, gated }) => ({
      kind: 'return' as const,
      value,
      ...(gated ? { gated: true as const } : {}),
    }))
  return fc
    .array(act, { minLength: 1, maxLength: 3 })
    .map((does) => ({ name, description: `What ${name} knows.`, parameters, does }))
}

/** One agent with up to two tools. */
export function oneAgent(gated: boolean): fc.Arbitrary<AgentSpec[]> {
  return fc
    .subarray(['get_weather', 'find_city'], { minLength: 0 })
    .chain((names) => fc.tuple(...names.map((name) => toolNamed(name, gated))))
    .map((tools) => [
      { name: 'agent', instructions: 'You are a careful assistant.', tools: [...tools], handoffs: [] },
    ])
}
