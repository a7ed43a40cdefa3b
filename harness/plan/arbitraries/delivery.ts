import { createRandom } from '../../../mocks/service/random.ts'
import type { Plan } from '../types.ts'
import { estimateWeight } from '../weight.ts'

/** The highest number in a generated `delivery`. It is taken modulo at most 64 conversations. */
const HIGHEST = 63

/** No generated list is longer. Few plans take more steps. */
const LONGEST = 2_000

/** The most changes of the conversation that comes first, in an order by priority. */
const MOST_CHANGES = 3

/**
 * Returns an order of the conversations for all steps of a plan. Half of the orders draw each step by itself. The others are
 * orders by priority with few changes, as in PCT: one conversation goes on alone as long as it can, and at up to three random
 * steps another one comes first. Such an order finds a bug that needs a few steps in one order as likely in a long plan as in a
 * short one.
 *
 * Source: Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010.
 */
export function drawDelivery(plan: Plan): number[] {
  // One conversation has only one order.
  if (plan.conversations.length < 2) return []
  const random = createRandom(`${plan.seed} delivery`)
  const length = Math.min(LONGEST, estimateWeight({ ...plan, delivery: [] }).steps)
  if (random.below(2) === 0) return Array.from({ length }, () => random.below(HIGHEST + 1))
  const changes = Array.from({ length: random.below(MOST_CHANGES + 1) }, () => random.below(length))
  let first = random.below(HIGHEST + 1)
  return Array.from({ length }, (_, step) => {
    if (changes.includes(step)) first = random.below(HIGHEST + 1)
    return first
  })
}
