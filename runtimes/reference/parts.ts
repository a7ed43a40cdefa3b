import { type AnswerParts, soundAnswers } from './parts/answers.ts'
import { type HandoffParts, soundHandoffs } from './parts/handoffs.ts'
import { type HookParts, soundHooks } from './parts/hooks.ts'
import { type SessionParts, soundSessions } from './parts/sessions.ts'
import { type StreamParts, soundStreams } from './parts/streams.ts'
import { soundTelemetry, type TelemetryParts } from './parts/telemetry.ts'
import { soundTools, type ToolParts } from './parts/tools.ts'
import { type StepParts, soundStepParts } from './steps/step-parts.ts'

/**
 * The decisions that the runtime's promises rest on, each a function of its own. The defects replace one or two of them;
 * nothing else ever does.
 */
export interface Parts extends AnswerParts, ToolParts, SessionParts, HookParts, StreamParts, TelemetryParts {
  /** Those of workflows. */
  handoffs: HandoffParts
  /** Those of the instrumentation of steps. */
  steps: StepParts
}

export const soundParts: Parts = {
  ...soundAnswers,
  ...soundTools,
  ...soundSessions,
  ...soundHooks,
  ...soundStreams,
  ...soundTelemetry,
  handoffs: soundHandoffs,
  steps: soundStepParts,
}
