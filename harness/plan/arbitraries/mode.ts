import fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import { telemetryModes } from '../schema.ts'
import type { Mode, TelemetryMode } from '../types.ts'
import { hookParts, sabotages, spanParts } from './sabotage.ts'

/** What the telemetry of a plan is drawn from. */
export interface ModeSetup {
  supports: ReadonlySet<Capability>
  /** How it starts. */
  modes: readonly TelemetryMode[]
  /** Share of plans in which it is switched on the way, or a part of it misbehaves, in percent. */
  disturbed: number
}

/** A plan has some 10 to 60 steps: later, nothing is left to be switched. */
const LATEST_STEP = 40

/** How a plan's telemetry starts, and perhaps one thing that befalls it: both at once would hide what did what. */
export function modesOf({ supports, modes, disturbed }: ModeSetup): fc.Arbitrary<Mode> {
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
  // What is off has nothing to break.
  const on = modes.filter((mode) => mode !== 'off')
  const broken = fc.record({
    start: fc.constantFrom(...(on.length > 0 ? on : (['on'] as const))),
    sabotage: sabotages([...spanParts, ...(supports.has('step-hooks') ? hookParts : [])]),
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
