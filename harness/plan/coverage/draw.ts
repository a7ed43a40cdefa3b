import type fc from 'fast-check'
import { drawPlans } from '../drawn.ts'
import type { Plan } from '../types.ts'
import { chooseByCoverage } from './choose.ts'
import { words } from './words.ts'

/**
 * Yields the generated plans of a scenario without end. The first plans are chosen so that they reach all legal values and
 * pairs. The same seed and name give the same sequence.
 */
export function drawChosenPlans(plans: fc.Arbitrary<Plan>, seed: number, name: string): Generator<Plan> {
  return chooseByCoverage(words, drawPlans(plans, seed, name))
}
