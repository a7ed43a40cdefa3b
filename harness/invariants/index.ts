import type { History } from '../contract/events.ts'
import { addedInstructionsReachTheirRun } from './added-instructions.ts'
import { onlyCompleteCallsRun } from './calls.ts'
import { samePlanSameHistory, survivesBrokenTracer, telemetryIsTransparent } from './comparisons.ts'
import { handoffKeepsContext, noAlteredContext, noContextLoss, noForeignContext } from './context.ts'
import { deliveryIsFaithful } from './delivery.ts'
import { originalErrorKept } from './errors.ts'
import { finishReasonsAreTrue } from './finish-reasons.ts'
import { nothingGrows } from './growth.ts'
import { handoffReachesItsTarget, handoffsEnd } from './handoffs.ts'
import { healthyRunCompletes } from './healthy-run.ts'
import { hookErrorsSurface, successHooksComeLast } from './hook-errors.ts'
import { afterRunOnlyOnSuccess, beforeRunOnce, hooksFireOnceEach } from './hooks.ts'
import { streamIsIncremental } from './incremental.ts'
import { itemsAreDelivered } from './item-delivery.ts'
import { callsAnswered, noRepeatedItems } from './items.ts'
import { lateResultsGoNowhere } from './late-results.ts'
import { nothingLeftBehind, nothingLeftOpen } from './leftovers.ts'
import { limitEndsTheRun } from './limits.ts'
import { messagesFollowSchema } from './message-schema.ts'
import { nextTurnAccepted, noStalePreviousResponseId } from './previous-response.ts'
import { noEgress, processStaysQuiet, processSurvives } from './process.ts'
import { matchesRecording } from './recording.ts'
import { hooksReleasedWhenIdle } from './registrations.ts'
import { requestAsConfigured, toolSchemasKept } from './requests.ts'
import { passingFaultsAreSurvived } from './retries.ts'
import { spanAttributesAreTrue, spansFollowSemconv, spansHaveRequiredAttributes } from './semconv.ts'
import { sensitiveSpansHoldContent } from './sensitive-content.ts'
import { sessionAsPlanned } from './sessions.ts'
import { noContentUnlessSensitive, noThrownTextUnlessSensitive } from './span-content.ts'
import { spanStatusTellsOutcome, spansCounted } from './span-counts.ts'
import { spansCarryOwnData } from './span-data.ts'
import {
  parentsOutliveChildren,
  spansUnchangedAfterEnd,
  stopIsNoFailure,
  toolSpanTellsFailure,
} from './span-ends.ts'
import { callerSpanKept, noLeakedSpans, oneSpanTreePerRun, spanEndsOnce } from './spans.ts'
import { stepsAreNumbered, stepsHoldTheirTools } from './steps.ts'
import { noToolOutlivesItsRun, restNotReadAfterReturn, stopReachesUpstream } from './stops.ts'
import {
  consumerContextUntouched,
  nothingAfterTheEnd,
  runSettlesOnce,
  truncationIsFailure,
} from './stream.ts'
import { cleanupOnce, eachCleanupFires, resultHookFires } from './stream-hooks.ts'
import { streamingIsTransparent } from './stream-mode.ts'
import { offMeansNoSpans, onMeansSpans } from './telemetry-modes.ts'
import { transcriptComplete } from './transcript.ts'
import type { Comparison, Invariant } from './types.ts'

/** The four most important invariants first, then by topic. */
const all: readonly Invariant[] = [
  noLeakedSpans,
  afterRunOnlyOnSuccess,
  noStalePreviousResponseId,
  noContextLoss,
  noAlteredContext,
  spanEndsOnce,
  spansUnchangedAfterEnd,
  parentsOutliveChildren,
  oneSpanTreePerRun,
  spansCarryOwnData,
  finishReasonsAreTrue,
  spansCounted,
  stepsHoldTheirTools,
  stepsAreNumbered,
  spanStatusTellsOutcome,
  toolSpanTellsFailure,
  stopIsNoFailure,
  callerSpanKept,
  noContentUnlessSensitive,
  noThrownTextUnlessSensitive,
  sensitiveSpansHoldContent,
  messagesFollowSchema,
  offMeansNoSpans,
  onMeansSpans,
  spansHaveRequiredAttributes,
  spanAttributesAreTrue,
  spansFollowSemconv,
  beforeRunOnce,
  hooksFireOnceEach,
  cleanupOnce,
  eachCleanupFires,
  resultHookFires,
  sessionAsPlanned,
  successHooksComeLast,
  hookErrorsSurface,
  hooksReleasedWhenIdle,
  noForeignContext,
  noRepeatedItems,
  callsAnswered,
  nextTurnAccepted,
  requestAsConfigured,
  addedInstructionsReachTheirRun,
  toolSchemasKept,
  handoffReachesItsTarget,
  handoffsEnd,
  handoffKeepsContext,
  transcriptComplete,
  matchesRecording,
  runSettlesOnce,
  healthyRunCompletes,
  limitEndsTheRun,
  passingFaultsAreSurvived,
  truncationIsFailure,
  deliveryIsFaithful,
  itemsAreDelivered,
  streamIsIncremental,
  originalErrorKept,
  nothingAfterTheEnd,
  stopReachesUpstream,
  restNotReadAfterReturn,
  noToolOutlivesItsRun,
  lateResultsGoNowhere,
  onlyCompleteCallsRun,
  consumerContextUntouched,
  processSurvives,
  processStaysQuiet,
  nothingLeftOpen,
  nothingGrows,
  nothingLeftBehind,
  noEgress,
]

/**
 * All invariants in the order of the report. In a history with a tracer that throws only `process-survives` is checked: the
 * comparison `survives-broken-tracer` covers all other effects, but an error that nobody handles ends the process.
 */
export const invariants: readonly Invariant[] = all.map((invariant) =>
  invariant === processSurvives ? invariant : silenceUnderThrowingTracer(invariant),
)

function silenceUnderThrowingTracer(invariant: Invariant): Invariant {
  return {
    ...invariant,
    check: (history, plan) => (hasThrowingTracer(history) ? [] : invariant.check(history, plan)),
    countWitnesses: (history, plan) =>
      hasThrowingTracer(history) ? 0 : invariant.countWitnesses(history, plan),
  }
}

function hasThrowingTracer([first]: History): boolean {
  if (first?.kind !== 'mode' || first.sabotage?.does !== 'throw') return false
  return first.sabotage.part === 'span-start' || first.sabotage.part === 'span-end'
}

/** All comparisons in the order of the report, which lists them after the invariants. */
export const comparisons: readonly Comparison[] = [
  telemetryIsTransparent,
  survivesBrokenTracer,
  streamingIsTransparent,
  samePlanSameHistory,
]
