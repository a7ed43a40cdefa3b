import type fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import { hookNames, pullNames, sessionModes, stopNames } from '../schema.ts'
import type { Plan } from '../types.ts'
import { arbitraryPlans } from './plan.ts'

/** All capabilities that a plan can need, except for `handoff`. */
export const capabilitiesWithoutHandoff: ReadonlySet<Capability> = new Set([
  ...(['stream', 'tools', 'parallel-tools', 'agent-tool', 'flow'] as const),
  ...([
    'spans',
    'semconv',
    'content',
    'toggle',
    'step-hooks',
    'call-errors',
    'limit',
    'added-instructions',
    'two-cleanups',
    'signal',
    'unstored-session',
  ] as const),
  ...hookNames,
  ...sessionModes,
  ...pullNames,
  ...stopNames,
])

/** Returns an arbitrary of plans that use any of the capabilities in `supports`, with faults, stops and throwing hooks. */
export function arbitraryMixedPlans(supports: ReadonlySet<Capability>): fc.Arbitrary<Plan> {
  return arbitraryPlans({
    supports,
    spoiled: 35,
    stopped: 20,
    broken: 15,
    throwing: 15,
    facts: 20,
    growth: 20,
    modes: supports.has('toggle') ? ['off', 'on', 'sensitive'] : ['on'],
  })
}

/** An arbitrary of plans that use any capability except for `handoff`. */
export const mixedPlans = arbitraryMixedPlans(capabilitiesWithoutHandoff)
