import fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import type { LeavesOut } from '../coverage/label.ts'
import { listUndrawn, type ScenarioSetup } from '../coverage/undrawn.ts'
import { sabotagePairs, telemetryModes } from '../schema.ts'
import type { Mode, Plan } from '../types.ts'
import { arbitraryPlans } from './plan.ts'
import { arbitrarySabotages, hookParts, spanParts } from './sabotage.ts'

/** The last step with a switch. Plans with few runs have about 10 to 60 steps, so later switches would often do nothing. */
const LATEST_STEP = 30

const setup: ScenarioSetup = {
  conversations: { min: 1, max: 3 },
  turns: { min: 1, max: 2 },
  wire: false,
  spoiled: 25,
  stopped: 25,
  throwing: 10,
}

/**
 * Returns an arbitrary of plans for an agent with hooks that telemetry registers. In most plans a registration fails, a hook
 * is lost, a release happens twice, or telemetry is switched during the plan. In some plans the agent is rebuilt.
 */
export function arbitraryHookPlans(supports: ReadonlySet<Capability>): fc.Arbitrary<Plan> {
  const drawn = arbitraryPlans({ supports, ...setup })
  return fc.noBias(
    fc
      .record({ plan: drawn, mode: arbitraryModes(supports), fresh: rebuiltTurns })
      .map(({ plan, mode, fresh }) => setFreshWorkflows({ ...plan, mode }, fresh)),
  )
}

/** Returns the words, values and pairs that `arbitraryHookPlans` does not draw, each with the reason. */
export function listUndrawnWithHooks(supports: ReadonlySet<Capability>): LeavesOut {
  const others = spanParts.flatMap((part) => sabotagePairs[part].map((does) => `sabotage: ${part}, ${does}`))
  const switches = ['off', 'on', 'sensitive'].flatMap((start) =>
    ['off', 'on', 'sensitive']
      .filter((to) => (start === 'off') === (to === 'off'))
      .map((to) => `telemetry at the start: ${start} + switch of the telemetry: ${to}`),
  )
  return {
    ...listUndrawn({ supports, ...setup, modes: telemetryModes, disturbed: 100 }, { rebuilds: true }),
    ...Object.fromEntries(others.map((label) => [label, 'only the hooks of the telemetry break'])),
    ...Object.fromEntries(switches.map((label) => [label, 'a switch turns the telemetry on or off'])),
  }
}

function arbitraryModes(supports: ReadonlySet<Capability>): fc.Arbitrary<Mode> {
  const start = fc.constantFrom('on' as const, 'sensitive' as const)
  const broken = fc.record({ start, sabotage: arbitrarySabotages(hookParts) })
  const step = fc.integer({ min: 0, max: LATEST_STEP })
  // A run that began before the switch then calls hooks that a later run registered.
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
 * The turns before which the agent is rebuilt, counted through all conversations. Most plans have none, because a rebuilt
 * agent needs a garbage collection, which takes longer than the rest of the plan.
 */
const rebuiltTurns: fc.Arbitrary<readonly number[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 2 }) },
)

function setFreshWorkflows(plan: Plan, fresh: readonly number[]): Plan {
  let count = 0
  const conversations = plan.conversations.map((conversation) => ({
    ...conversation,
    turns: conversation.turns.map((turn) =>
      fresh.includes(count++) ? { ...turn, target: 'fresh-workflow' as const } : turn,
    ),
  }))
  return fresh.length === 0 ? plan : { ...plan, conversations }
}
