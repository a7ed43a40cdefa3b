import type { History } from '../contract/events.ts'
import { findRest, isOpenAtRest } from '../history/rest.ts'
import { groupByRun, hasSucceeded } from '../history/runs.ts'
import {
  canCheckSpans,
  listSpans,
  listTracedRuns,
  readTelemetrySetting,
  type Span,
  type TracedRun,
} from '../history/spans.ts'
import { nameRunEnd, nameSpan } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

export const noLeakedSpans: Invariant = {
  id: 'no-leaked-spans',
  level: 'must',
  statement:
    'When all runs have ended, every span of theirs has ended, too. The spans of a run that its consumer dropped, or that did not end, have ended when the team is closed.',
  source:
    'https://opentelemetry.io/docs/specs/otel/trace/api/#end; https://github.com/alibaba/loongsuite-python-agent/pull/184 (spans leaked by overlapping runs), https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (spans leaked when a consumer stops reading)',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (readTelemetrySetting(history).sabotaged) return []
    const spans = listSpans(history)
    const silent = spans.length === 0 && canCheckSpans(history) && groupByRun(history).runs.some(hasSucceeded)
    if (silent)
      return [
        {
          at: history.length - 1,
          message: 'no span was started, but the adapter declares `spans`',
          cause: 'no span at all',
        },
      ]
    const { atRest } = findRest(history)
    const late = spans.filter(({ at, endedAt = history.length }) => at < atRest && endedAt >= atRest)
    const never = spans.filter(({ ended }) => ended === undefined)
    const open = new Set([...late, ...never])
    if (open.size === 0) return []
    const ends = indexRunEnds(history)
    const mayWait = listSpansOfOpenRuns(history)
    return [...open].flatMap((span) => {
      if (span.ended !== undefined && mayWait(span)) return []
      const when = span.ended === undefined ? 'never ended' : 'did not end before the team was closed'
      return [
        {
          at: span.at,
          message: `span "${span.started.name}" was started and ${when}`,
          cause: `${nameSpan(span)} span, ${ends.get(span) ?? 'no run'}`,
        },
      ]
    })
  },
  countWitnesses: (history) => (readTelemetrySetting(history).sabotaged ? 0 : listSpans(history).length),
}

/**
 * Returns a function that says whether a span may end as late as the team is closed: it belongs to a run that was dropped or
 * did not end, or to no run while there is such a run.
 */
function listSpansOfOpenRuns(history: History): (span: Span) => boolean {
  const isAnyOpen = groupByRun(history).runs.some(isOpenAtRest)
  const ofEnded = new Set(
    listTracedRuns(history).flatMap(({ story, spans }) => (isOpenAtRest(story) ? [] : spans)),
  )
  return (span) => isAnyOpen && !ofEnded.has(span)
}

/** Returns how the run of each span ended, as words of a cause. */
function indexRunEnds(history: History): Map<Span, string> {
  return new Map(
    listTracedRuns(history).flatMap(({ story, spans }) =>
      spans.map((span): [Span, string] => [span, nameRunEnd(story)]),
    ),
  )
}

export const spanEndsOnce: Invariant = {
  id: 'span-ends-once',
  level: 'must',
  statement: 'Every span is started before it ends, and starts and ends only once.',
  source:
    'https://opentelemetry.io/docs/specs/otel/trace/api/#span (what a span holds must not change after its end); https://github.com/Arize-ai/openinference/pull/2110 (a span ended twice by its stream wrapper)',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (readTelemetrySetting(history).sabotaged) return []
    const started = new Set<string>()
    const ended = new Set<string>()
    const found: Violation[] = []
    const add = (at: number, span: string, name: string, what: string) => {
      const known = listSpans(history).find((one) => one.started.span === span)
      const cause = `${known === undefined ? 'unknown' : nameSpan(known)} span ${what}`
      found.push({ at, message: `span "${name}" ${what}`, cause })
    }
    history.forEach((event, at) => {
      if (event.kind === 'span.start') {
        if (started.has(event.span)) add(at, event.span, event.name, 'was started twice')
        started.add(event.span)
      } else if (event.kind === 'span.end') {
        if (!started.has(event.span)) add(at, event.span, event.name, 'ended but was never started')
        if (ended.has(event.span)) add(at, event.span, event.name, 'ended twice')
        ended.add(event.span)
      }
    })
    return found
  },
  countWitnesses: (history) =>
    readTelemetrySetting(history).sabotaged ? 0 : history.filter(({ kind }) => kind === 'span.end').length,
}

export const oneSpanTreePerRun: Invariant = {
  id: 'one-span-tree-per-run',
  level: 'must',
  statement: 'The spans of a run form one tree with one root.',
  source:
    'https://github.com/alibaba/loongsuite-python-agent/pull/184 (each agent span owns exactly its own sub-tree), https://github.com/open-telemetry/opentelemetry-python-genai/issues/513 (every step its own root)',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (!canCheckSpans(history)) return []
    const traced = listTracedRuns(history)
    const rooted = traced.flatMap(({ story, spans }) => {
      const [first, ...others] = listRoots(spans)
      const second = others.find((root) => first !== undefined && !haveDifferentParents(first, root))
      if (second === undefined) return []
      return [
        {
          at: second.at,
          message: `span "${second.started.name}" of run ${story.run} is a second root, expected one root per run`,
          cause: `${nameSpan(second)} span is a second root`,
        },
      ]
    })
    return [...rooted, ...findSpansInOtherTrees(traced)]
  },
  countWitnesses: (history) =>
    canCheckSpans(history) ? listTracedRuns(history).filter(({ spans }) => spans.length > 1).length : 0,
}

function listRoots(spans: readonly Span[]): Span[] {
  return spans.filter((span) => span.root === span)
}

/** Returns whether two roots have different parent spans of the consumer. Such roots belong to different runs. */
function haveDifferentParents({ started: one }: Span, { started: other }: Span): boolean {
  return one.parent !== undefined && other.parent !== undefined && one.parent !== other.parent
}

/** Returns runs without a tree of their own, with a span of theirs that is in the tree of another run. */
function findSpansInOtherTrees(traced: readonly TracedRun[]): Violation[] {
  const firstRoots = new Set(traced.map(({ spans }) => listRoots(spans)[0]))
  const nested = traced.flatMap(({ spans }) =>
    spans.filter((span) => span.root !== span && firstRoots.has(span.root)),
  )
  const ofConversation = Map.groupBy(nested, ({ started }) => started.conversation)
  return traced.flatMap(({ story: { at: begun, ended, conversation, run }, spans }) => {
    if (spans.length > 0) return []
    const until = ended?.at ?? Number.POSITIVE_INFINITY
    const stray = ofConversation.get(conversation)?.find(({ at }) => at > begun && at < until)
    if (stray === undefined) return []
    return [
      {
        at: stray.at,
        message: `span "${stray.started.name}" of run ${run} is in the tree of another run`,
        cause: `${nameSpan(stray)} span in the tree of another run`,
      },
    ]
  })
}

export const callerSpanKept: Invariant = {
  id: 'caller-span-kept',
  level: 'must',
  statement:
    "After each update that a consumer reads, the consumer's own span is active. If a run fails, its consumer receives the error.",
  source:
    "https://github.com/microsoft/agent-framework/issues/6866, https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (later spans nest under the leaked one); https://github.com/microsoft/agent-framework/issues/5231 (the caller's span captures the exception)",
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (!canCheckSpans(history)) return []
    return groupByRun(history).runs.flatMap(({ run, pulls, ended }) => {
      const changed = pulls
        .filter(({ event }) => event.span === 'changed')
        .map(({ at }) => ({
          at,
          message: `run ${run} changed the active span of its consumer in this pull`,
          cause: 'active span changed',
        }))
      const silent =
        ended?.outcome.status === 'failed' &&
        ended.outcome.error === undefined &&
        !pulls.some(({ event }) => event.error !== undefined)
      return silent
        ? [
            ...changed,
            {
              at: ended.at,
              message: `run ${run} failed, but its consumer received no error`,
              cause: 'no error for the consumer',
            },
          ]
        : changed
    })
  },
  countWitnesses: (history) =>
    canCheckSpans(history)
      ? groupByRun(history).runs.reduce(
          (sum, { pulls, ended }) => sum + pulls.length + (ended?.outcome.status === 'failed' ? 1 : 0),
          0,
        )
      : 0,
}
