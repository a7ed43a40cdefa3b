import type fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import { hookNames, pulls, sessionModes, stopNames } from '../schema.ts'
import type { Plan } from '../types.ts'
import { plans } from './plan.ts'

/** What runtimes can be asked for, all of it but handing off. */
export const allOf: ReadonlySet<Capability> = new Set([
  ...(['stream', 'tools', 'parallel-tools', 'agent-tool', 'flow'] as const),
  ...(['spans', 'semconv', 'content', 'toggle', 'step-hooks'] as const),
  ...hookNames,
  ...sessionModes,
  ...pulls,
  ...stopNames,
])

/** Plans in which anything may come up, for a runtime that can do all of `supports`. */
export function anything(supports: ReadonlySet<Capability>): fc.Arbitrary<Plan> {
  return plans({
    supports,
    spoiled: 35,
    stopped: 20,
    broken: 15,
    throwing: 15,
    facts: 20,
    modes: supports.has('toggle') ? ['off', 'on', 'sensitive'] : ['on'],
  })
}

/** Plans in which anything comes up that a runtime can be asked for. */
export const everything = anything(allOf)
