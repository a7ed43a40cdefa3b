import type { TelemetryParts } from '../parts/telemetry.ts'

/** The data of an agent that telemetry reads. */
export interface TracedAgent {
  readonly name: string
  readonly instructions: string
  readonly model: string
  readonly parts: TelemetryParts
}
