import type { History, HistoryEvent, SpanEnded } from '../contract/events.ts'
import { memoize } from '../history/projection.ts'
import { findToolEnd, groupByRun, type RunRecord, readRunStatus } from '../history/runs.ts'
import {
  canCheckSpans,
  listSpans,
  listTracedRuns,
  readOperation,
  readTelemetrySetting,
  type Span,
  type TracedRun,
} from '../history/spans.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'
import { nameSpan } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

const TRACE_API = 'https://opentelemetry.io/docs/specs/otel/trace/api/#end'
const ERRORS = 'https://opentelemetry.io/docs/specs/semconv/general/recording-errors/'

export const spansUnchangedAfterEnd: Invariant = {
  id: 'spans-unchanged-after-end',
  level: 'must',
  statement: 'Nothing is set on a span after the span has ended, and no span is ended twice.',
  source: `${TRACE_API} (what is set after the end is lost, and only the first end counts)`,
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (readTelemetrySetting(history).sabotaged) return []
    const spans = new Map(listSpans(history).map((span) => [span.started.span, span]))
    return history.flatMap((event, at): Violation[] => {
      if (event.kind !== 'span.late') return []
      const span = spans.get(event.span)
      const did = event.set === 'end' ? 'was ended again' : `had its ${event.set} set`
      const message = `span "${event.name}" ${did} after it had ended`
      return [{ at, message, cause: `${span === undefined ? 'other' : nameSpan(span)} span, ${event.set}` }]
    })
  },
  countWitnesses: (history) =>
    readTelemetrySetting(history).sabotaged
      ? 0
      : listSpans(history).filter(({ ended }) => ended !== undefined).length,
}

export const parentsOutliveChildren: Invariant = {
  id: 'parents-outlive-children',
  // The trace API lets a child end after its parent. The GenAI conventions only recommend that a span covers its operation.
  level: 'should',
  statement: 'In a run that its consumer did not stop, a span ends before its parent ends.',
  source: `${TRACE_API} (a child may end later); https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-spans.md (a span should cover the duration of its operation)`,
  since: '0.1.0',
  needs: ['spans'],
  check: (history) =>
    listFamilies(history).flatMap(({ child, parent }): Violation[] => {
      const [childEnd, parentEnd] = [findEnd(history, child), findEnd(history, parent)]
      if (childEnd === undefined || parentEnd === undefined || childEnd < parentEnd) return []
      const message = `span "${child.started.name}" ended after its parent "${parent.started.name}"`
      return [{ at: childEnd, message, cause: `${nameSpan(child)} span after ${nameSpan(parent)}` }]
    }),
  countWitnesses: (history) => listFamilies(history).length,
}

/**
 * Returns the spans of runs that nobody stopped, each with its parent. A failed run cannot end a tool that ignores its signal, so the
 * spans of tools are left out if the run called such a tool.
 */
function listFamilies(history: History): { child: Span; parent: Span }[] {
  return listUnstoppedRuns(history).flatMap(({ story, spans }) => {
    const known = new Map(spans.map((span) => [span.started.span, span]))
    const mayOutlive = story.toolStarts.some(({ event }) => event.ignoresSignal)
    return spans.flatMap((child) => {
      const parent = known.get(child.started.parent ?? '')
      if (mayOutlive && readOperation(child) === 'execute_tool') return []
      return parent === undefined ? [] : [{ child, parent }]
    })
  })
}

function listUnstoppedRuns(history: History): TracedRun[] {
  if (!canCheckSpans(history)) return []
  return listTracedRuns(history).filter(
    ({ story }) =>
      story.stopped === undefined && story.ended !== undefined && readRunStatus(story) !== 'hung',
  )
}

function findEnd(history: History, { started }: Span): number | undefined {
  return listEnds(history).get(started.span)
}

/** Returns the index of the first end of each span. */
const listEnds = memoize((history: History): ReadonlyMap<string, number> => {
  const ends = new Map<string, number>()
  history.forEach((event, at) => {
    if (event.kind === 'span.end' && !ends.has(event.span)) ends.set(event.span, at)
  })
  return ends
})

export const toolSpanTellsFailure: Invariant = {
  id: 'tool-span-tells-failure',
  level: 'must',
  statement:
    'The execute_tool span of a tool that threw has the status ERROR. The span of a tool that returned does not have the status ERROR.',
  source: `${ERRORS} (an operation that ends with an error sets the status)`,
  since: '0.1.0',
  needs: ['spans'],
  check: (history) =>
    listToolSpans(history).flatMap(({ span, ended, end }): Violation[] => {
      const threw = end.error !== undefined
      if (threw === (ended.status === 'ERROR')) return []
      const found = `span "${span.started.name}" has the status ${ended.status}, but its tool ${threw ? 'threw' : 'returned'}`
      return [{ at: span.at, message: found, cause: threw ? 'tool threw' : 'tool returned' }]
    }),
  countWitnesses: (history) => listToolSpans(history).filter(({ end }) => end.error !== undefined).length,
}

type ToolEnd = Extract<HistoryEvent, { kind: 'tool.end' }>

/**
 * Returns the spans of the tools that ended in runs that nobody stopped. A span without the id of its call is found by the
 * name of its tool, if the run called that tool once.
 */
function listToolSpans(history: History) {
  return listUnstoppedRuns(history).flatMap(({ story, spans }) => {
    const tools = spans.filter((span) => readOperation(span) === 'execute_tool')
    return tools.flatMap((span) => {
      const { ended } = span
      const end = ended && findEndOfTool(story, ended, tools)
      if (ended === undefined || end === undefined || end.cancelled !== undefined) return []
      return [{ span, ended, end }]
    })
  })
}

function findEndOfTool(
  story: RunRecord,
  { attributes }: SpanEnded,
  tools: readonly Span[],
): ToolEnd | undefined {
  const id = attributes['gen_ai.tool.call.id']
  if (typeof id === 'string') return findToolEnd(story, id)?.event
  const tool = attributes['gen_ai.tool.name']
  const named = tools.filter(({ ended }) => ended?.attributes['gen_ai.tool.name'] === tool)
  const [end, again] = story.toolEnds.filter(({ event }) => event.name === tool)
  return again === undefined && named.length === 1 ? end?.event : undefined
}

export const stopIsNoFailure: Invariant = {
  id: 'stop-is-no-failure',
  // The conventions do not say how a stop by the caller ends a span.
  level: 'should',
  statement:
    'If a consumer stops a run before anything has failed, no invoke_agent span of the run has the status ERROR.',
  source: `${ERRORS} (the status is for operations that ended with an error); https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (a consumer that stops reading)`,
  since: '0.1.0',
  needs: ['spans'],
  check: (history) =>
    listStoppedAgentSpans(history).flatMap(({ span, run }): Violation[] =>
      span.ended?.status === 'ERROR'
        ? [
            {
              at: span.at,
              message: `span "${span.started.name}" has the status ERROR, but run ${run} was stopped by its consumer`,
              cause: 'invoke_agent span of a stopped run',
            },
          ]
        : [],
    ),
  countWitnesses: (history) => listStoppedAgentSpans(history).length,
}

/** Returns the ended invoke_agent spans of runs that were stopped while nothing had failed. */
function listStoppedAgentSpans(history: History): { span: Span; run: string }[] {
  if (!canCheckSpans(history)) return []
  const sound = new Set(
    groupByRun(history).runs.filter(
      ({ requests, hooks, toolEnds }) =>
        requests.every(
          ({ ended }) => ended === undefined || /completed|incomplete|cut/.test(ended.event.how),
        ) &&
        hooks.every(({ event }) => event.threw === undefined) &&
        toolEnds.every(({ event }) => event.error === undefined || event.cancelled !== undefined),
    ),
  )
  return listTracedRuns(history).flatMap(({ story, spans }) => {
    const { stopped } = story
    if (stopped === undefined || leavesRunOpen(stopped) || readRunStatus(story) !== 'stopped') return []
    if (!sound.has(story)) return []
    return spans
      .filter((span) => span.ended !== undefined && readOperation(span) === 'invoke_agent')
      .map((span) => ({ span, run: story.run }))
  })
}
