import type { TelemetryParts } from '../parts/telemetry.ts'

/** What telemetry reads of an agent: what its spans say, and the decisions about them. */
export interface TracedAgent {
  readonly name: string
  readonly instructions: string
  readonly model: string
  readonly parts: TelemetryParts
}
