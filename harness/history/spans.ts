import type { History, HistoryEvent, SpanEnded } from '../contract/events.ts'
import { memoize } from './projection.ts'
import { groupByRun, type RunRecord } from './runs.ts'

/** A span from its start to its end, where it has one. */
export interface Span {
  at: number
  started: Extract<HistoryEvent, { kind: 'span.start' }>
  ended?: SpanEnded
  /** The topmost span above it that the history has; itself where it is a root. */
  root: Span
}

/** How a runtime's telemetry was set while a history was made. */
export interface TelemetrySetting {
  mode: 'off' | 'on' | 'sensitive'
  /** It was switched on the way: spans may be missing that were never begun. */
  toggled: boolean
  /** What makes and takes spans misbehaved on purpose; hooks that are not taken or lost can but keep one from being started. */
  sabotaged: boolean
}

export function readTelemetrySetting(history: History): TelemetrySetting {
  const [first] = history
  if (first?.kind !== 'mode') return { mode: 'on', toggled: false, sabotaged: false }
  return {
    mode: first.to,
    sabotaged: first.sabotage !== undefined && !first.sabotage.part.startsWith('hook-'),
    toggled: history.some((event, at) => at > 0 && event.kind === 'mode'),
  }
}

/** Whether every span must be there and tell the truth: telemetry was on all the time, and nothing of it was broken. */
export function canCheckSpans(history: History): boolean {
  const { mode, toggled, sabotaged } = readTelemetrySetting(history)
  return mode !== 'off' && !toggled && !sabotaged
}

/** All spans, in the order in which they began. */
export const listSpans = memoize((history: History): readonly Span[] => {
  const spans = new Map<string, Span>()
  history.forEach((event, at) => {
    if (event.kind === 'span.start' && !spans.has(event.span)) {
      const story = { at, started: event } as Span
      story.root = spans.get(event.parent ?? '')?.root ?? story
      spans.set(event.span, story)
    }
    const story = event.kind === 'span.end' ? spans.get(event.span) : undefined
    if (story !== undefined && event.kind === 'span.end') story.ended ??= event
  })
  return [...spans.values()]
})

/** A run and its spans. */
export interface TracedRun {
  story: RunRecord
  spans: Span[]
}

/**
 * The spans of each run: those of the trees that began in it. A tree belongs to the conversation whose step caused its
 * root, and to the run that was on by then.
 */
export const listTracedRuns = memoize((history: History): readonly TracedRun[] => {
  const { runs } = groupByRun(history)
  const ofConversation = Map.groupBy(runs, ({ conversation }) => conversation)
  const traced = new Map(runs.map((story): [RunRecord, TracedRun] => [story, { story, spans: [] }]))
  const runOf = new Map<Span, RunRecord | undefined>()
  for (const span of listSpans(history)) {
    const { root } = span
    if (!runOf.has(root))
      runOf.set(root, findLastBefore(ofConversation.get(root.started.conversation ?? -1), root.at))
    const story = runOf.get(root)
    if (story !== undefined) traced.get(story)?.spans.push(span)
  }
  return [...traced.values()]
})

/** The last of a conversation's runs that had begun at a place of the history. */
function findLastBefore(runs: readonly RunRecord[] = [], at: number): RunRecord | undefined {
  let [low, high] = [0, runs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  return runs[low - 1]
}

/** What the conventions name an operation: the first word of a span's name, or what its attribute says. */
export function readOperation({ started, ended }: Span): string {
  const told = ended?.attributes['gen_ai.operation.name']
  return typeof told === 'string' ? told : (started.name.split(' ')[0] ?? '')
}
