import fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import type { Mode, Plan } from '../types.ts'
import { plans } from './plan.ts'
import { hookParts, sabotages } from './sabotage.ts'

/** A plan of few runs has some 10 to 60 steps: later, nothing is left to be switched. */
const LATEST_STEP = 30

/**
 * Plans of one to three conversations on an agent with which telemetry registers hooks: a registration fails, a hook is lost,
 * a release is done twice, telemetry is switched on the way, or nothing of it; in some the agent is built anew.
 */
export function hookPlans(supports: ReadonlySet<Capability>): fc.Arbitrary<Plan> {
  const drawn = plans({
    supports,
    conversations: { min: 1, max: 3 },
    turns: { min: 1, max: 2 },
    wire: false,
    spoiled: 15,
    stopped: 15,
    throwing: 10,
  })
  return fc.noBias(
    fc
      .record({ plan: drawn, mode: modes(supports), fresh: anew })
      .map(({ plan, mode, fresh }) => builtAnew({ ...plan, mode }, fresh)),
  )
}

function modes(supports: ReadonlySet<Capability>): fc.Arbitrary<Mode> {
  const start = fc.constantFrom('on' as const, 'sensitive' as const)
  const broken = fc.record({ start, sabotage: sabotages(hookParts) })
  const step = fc.integer({ min: 0, max: LATEST_STEP })
  // Hooks that others have registered are then called for runs that began without.
  const switchedOn = fc.record({
    start: fc.constant('off' as const),
    toggles: fc.record({ step, to: start }).map((toggle) => [toggle]),
  })
  const switchedOff = fc.record({
    start,
    toggles: fc.record({ step, to: fc.constant('off' as const) }).map((toggle) => [toggle]),
  })
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ start }) },
    { weight: 5, arbitrary: broken },
    ...(supports.has('toggle')
      ? [
          { weight: 2, arbitrary: switchedOn },
          { weight: 1, arbitrary: switchedOff },
        ]
      : []),
  )
}

/**
 * Which turns of a plan, counted through its conversations, are to find the agent built anew: in most plans none, for
 * collecting garbage takes longer than all else in a plan.
 */
const anew: fc.Arbitrary<readonly number[]> = fc.oneof(
  { weight: 9, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 2 }) },
)

function builtAnew(plan: Plan, fresh: readonly number[]): Plan {
  let count = 0
  const conversations = plan.conversations.map((conversation) => ({
    ...conversation,
    turns: conversation.turns.map((turn) =>
      fresh.includes(count++) ? { ...turn, target: 'fresh-workflow' as const } : turn,
    ),
  }))
  return fresh.length === 0 ? plan : { ...plan, conversations }
}
