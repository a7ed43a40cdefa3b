import fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import { telemetryModes } from '../schema.ts'
import type { Mode, TelemetryMode } from '../types.ts'
import { arbitrarySabotages, hookParts, spanParts } from './sabotage.ts'

/** What the telemetry of generated plans can be. */
export interface ModeSetup {
  supports: ReadonlySet<Capability>
  /** The modes in which telemetry can start. */
  modes: readonly TelemetryMode[]
  /** Percentage of plans in which telemetry is switched during the plan or a part of it misbehaves. */
  disturbed: number
}

/** The last step with a switch. Most plans have about 10 to 60 steps, so later switches would often do nothing. */
const LATEST_STEP = 40

/**
 * Returns an arbitrary of how telemetry starts, sometimes with switches or one broken part. Never with both, because then
 * the cause of a violation would be unclear.
 */
export function arbitraryModes({ supports, modes, disturbed }: ModeSetup): fc.Arbitrary<Mode> {
  const starts = fc.constantFrom(...modes)
  const calm = fc.record({ start: starts })
  const toggle = fc.record({
    step: fc.integer({ min: 0, max: LATEST_STEP }),
    to: fc.constantFrom(...telemetryModes),
  })
  const toggled = fc.record({
    start: fc.constantFrom(...telemetryModes),
    toggles: fc.array(toggle, { minLength: 1, maxLength: 2 }),
  })
  // Telemetry that is off uses none of its parts.
  const on = modes.filter((mode) => mode !== 'off')
  const broken = fc.record({
    start: fc.constantFrom(...(on.length > 0 ? on : (['on'] as const))),
    sabotage: arbitrarySabotages([...spanParts, ...(supports.has('step-hooks') ? hookParts : [])]),
  })
  const ways: fc.Arbitrary<Mode>[] = [
    ...(supports.has('toggle') ? [toggled] : []),
    ...(supports.has('spans') ? [broken, broken] : []),
  ]
  if (ways.length === 0 || disturbed === 0) return calm
  return fc.oneof(
    { weight: 100 - disturbed, arbitrary: calm },
    { weight: disturbed, arbitrary: fc.oneof(...ways) },
  )
}
