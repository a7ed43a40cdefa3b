import type { History } from '../contract/events.ts'
import { groupByRun, type RunRecord } from '../history/runs.ts'
import { hasSabotage, listSpans, listTracedRuns, readTelemetrySetting } from '../history/spans.ts'
import type { TelemetryMode } from '../plan/types.ts'
import { nameSpan } from './causes.ts'
import type { Invariant } from './types.ts'

export const offMeansNoSpans: Invariant = {
  id: 'off-means-no-spans',
  level: 'must',
  statement:
    'No span is started while telemetry is off. If telemetry is switched during a plan, this holds for runs that begin after it was switched off.',
  source:
    'https://github.com/traceloop/openllmetry/issues/3006 (data are sent although telemetry is off); https://github.com/microsoft/agent-framework/issues/6866 (ENABLE_INSTRUMENTATION=false)',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (readTelemetrySetting(history).sabotaged) return []
    const isOff = createOffTest(history)
    return listSpans(history)
      .filter(isOff)
      .map((span) => ({
        at: span.at,
        message: `span "${span.started.name}" was started while telemetry is off`,
        cause: `${nameSpan(span)} span`,
      }))
  },
  countWitnesses(history) {
    if (readTelemetrySetting(history).sabotaged) return 0
    const modes = listModes(history)
    return groupByRun(history).runs.filter(
      ({ at, requests }) => requests.length > 0 && readModeAt(modes, at).to === 'off',
    ).length
  },
}

/**
 * Returns a test for spans that must not be: telemetry was off when they started, and all runs that were on then had begun after it
 * was switched off. A run that had begun before may still use what it began with.
 */
function createOffTest(history: History): (span: { at: number }) => boolean {
  const modes = listModes(history)
  const { runs } = groupByRun(history)
  return ({ at }) => {
    const mode = readModeAt(modes, at)
    return (
      mode.to === 'off' &&
      runs.every((run) => run.at > mode.since || (run.ended?.at ?? Number.POSITIVE_INFINITY) < mode.since)
    )
  }
}

interface ModeSince {
  since: number
  to: TelemetryMode
}

function listModes(history: History): ModeSince[] {
  return history.flatMap((event, since) => (event.kind === 'mode' ? [{ since, to: event.to }] : []))
}

function readModeAt(modes: readonly ModeSince[], at: number): ModeSince {
  return modes.findLast(({ since }) => since <= at) ?? { since: -1, to: 'on' }
}

export const onMeansSpans: Invariant = {
  id: 'on-means-spans',
  level: 'must',
  statement:
    'If telemetry is switched on during a plan, each run that begins afterwards and sends a request has at least one span, unless telemetry is switched again before the run ends.',
  source:
    'https://github.com/microsoft/agent-framework/issues/6866 (telemetry that is switched must be on or off from then on); the capability `toggle`: telemetry can be switched while the runtime runs',
  since: '0.1.0',
  needs: ['spans', 'toggle'],
  check: (history) => {
    const traced = new Map(listTracedRuns(history).map(({ story, spans }) => [story, spans.length]))
    return listRunsAfterSwitchingOn(history)
      .filter((story) => (traced.get(story) ?? 0) === 0)
      .map(({ run, at }) => ({
        at,
        message: `run ${run} began after telemetry was switched on, but has no span`,
        cause: 'no span after telemetry was switched on',
      }))
  },
  countWitnesses: (history) => listRunsAfterSwitchingOn(history).length,
}

/** Returns the runs with requests that began and ended under telemetry that had been switched on. */
function listRunsAfterSwitchingOn(history: History): RunRecord[] {
  if (hasSabotage(history)) return []
  const modes = listModes(history)
  return groupByRun(history).runs.filter(({ at, ended, requests }) => {
    const mode = readModeAt(modes, at)
    return (
      requests.length > 0 &&
      ended !== undefined &&
      mode.to !== 'off' &&
      mode.since > 0 &&
      readModeAt(modes, ended.at) === mode
    )
  })
}
