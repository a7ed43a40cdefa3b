import { type AnswerParts, soundAnswers } from './parts/answers.ts'
import { type HandoffParts, soundHandoffs } from './parts/handoffs.ts'
import { type HookParts, soundHooks } from './parts/hooks.ts'
import { type SessionParts, soundSessions } from './parts/sessions.ts'
import { type StreamParts, soundStreams } from './parts/streams.ts'
import { soundTeams, type TeamParts } from './parts/teams.ts'
import { soundTelemetry, type TelemetryParts } from './parts/telemetry.ts'
import { soundTools, type ToolParts } from './parts/tools.ts'
import { type StepParts, soundStepParts } from './steps/step-parts.ts'

/**
 * The decisions behind the runtime's guarantees, each as one function. A defect replaces one or two of them. No other code
 * replaces a part.
 */
export interface Parts
  extends AnswerParts,
    ToolParts,
    SessionParts,
    HookParts,
    StreamParts,
    TeamParts,
    TelemetryParts {
  /** The decisions of workflows. */
  handoffs: HandoffParts
  /** The decisions of the step instrumentation. */
  steps: StepParts
}

export const soundParts: Parts = {
  ...soundAnswers,
  ...soundTools,
  ...soundSessions,
  ...soundHooks,
  ...soundStreams,
  ...soundTeams,
  ...soundTelemetry,
  handoffs: soundHandoffs,
  steps: soundStepParts,
}
