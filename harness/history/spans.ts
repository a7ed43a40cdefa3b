import { type History, type HistoryEvent, parseConversation, type SpanEnded } from '../contract/events.ts'
import { memoize } from './projection.ts'
import { groupByRun, type RunRecord } from './runs.ts'

/** A span with its start and, if it ended, its end. */
export interface Span {
  at: number
  started: Extract<HistoryEvent, { kind: 'span.start' }>
  ended?: SpanEnded
  /** Index of the end. */
  endedAt?: number
  /** The root of the span's tree. A root span has itself here. */
  root: Span
}

/** The telemetry settings of a plan. */
export interface TelemetrySetting {
  mode: 'off' | 'on' | 'sensitive'
  /** Whether telemetry was switched during the plan. Then spans may be missing. */
  toggled: boolean
  /**
   * Whether the plan made a part of the tracing misbehave. A hook registration that fails or is lost does not count:
   * it can only prevent a span.
   */
  sabotaged: boolean
}

export const readTelemetrySetting = memoize((history: History): TelemetrySetting => {
  const [first] = history
  if (first?.kind !== 'mode') return { mode: 'on', toggled: false, sabotaged: false }
  return {
    mode: first.to,
    sabotaged: first.sabotage !== undefined && !first.sabotage.part.startsWith('hook-'),
    toggled: history.some((event, at) => at > 0 && event.kind === 'mode'),
  }
})

/** Returns whether the plan disturbs any part of the telemetry, also the hooks of a step. */
export function hasSabotage(history: History): boolean {
  const [first] = history
  return first?.kind === 'mode' && first.sabotage !== undefined
}

/**
 * Returns whether every span must exist and be correct: telemetry was on all the time, and the plan broke no part of
 * it.
 */
export function canCheckSpans(history: History): boolean {
  const { mode, toggled, sabotaged } = readTelemetrySetting(history)
  return mode !== 'off' && !toggled && !sabotaged
}

/** Returns all spans in the order in which they started. */
export const listSpans = memoize((history: History): readonly Span[] => {
  const spans = new Map<string, Span>()
  history.forEach((event, at) => {
    if (event.kind === 'span.start' && !spans.has(event.span)) {
      const story = { at, started: event } as Span
      story.root = spans.get(event.parent ?? '')?.root ?? story
      spans.set(event.span, story)
    }
    const story = event.kind === 'span.end' ? spans.get(event.span) : undefined
    if (story !== undefined && event.kind === 'span.end' && story.ended === undefined) {
      story.ended = event
      story.endedAt = at
    }
  })
  return [...spans.values()]
})

/** A run and its spans. */
export interface TracedRun {
  story: RunRecord
  spans: Span[]
}

/**
 * Returns each run with its spans. A span tree belongs to the conversation whose step caused its root, and there to
 * the run that was open. Runs are left out if nothing says whose spans theirs are.
 */
export const listTracedRuns = memoize((history: History): readonly TracedRun[] => {
  const uncertain = listUncertainConversations(history)
  const runs = groupByRun(history).runs.filter(
    ({ conversation }) => conversation === undefined || !uncertain.has(conversation),
  )
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

/**
 * Returns the conversations whose spans cannot be told apart: a run that its consumer dropped sent a request after a span that began
 * while another conversation had the turn, or none. A runtime may begin a run some time after it was asked to, and nobody waits for
 * a dropped one.
 */
function listUncertainConversations(history: History): ReadonlySet<number> {
  const dropped = new Map(
    groupByRun(history).runs.flatMap(({ run, stopped }) =>
      stopped?.how === 'drop' ? [[run, stopped.at]] : [],
    ),
  )
  const uncertain = new Set<number>()
  if (dropped.size === 0) return uncertain
  let last: { at: number; conversation: number | null } | undefined
  history.forEach((event, at) => {
    if (event.kind === 'span.start') last = { at, conversation: event.conversation }
    if (event.kind !== 'request' || last === undefined) return
    const since = dropped.get(event.run ?? '') ?? Number.POSITIVE_INFINITY
    const own = parseConversation(event.run)
    if (last.at < since || own === undefined || last.conversation === own) return
    uncertain.add(own)
    if (last.conversation !== null) uncertain.add(last.conversation)
  })
  return uncertain
}

/** Returns the last run of a conversation that had started before an index. */
function findLastBefore(runs: readonly RunRecord[] = [], at: number): RunRecord | undefined {
  let [low, high] = [0, runs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  return runs[low - 1]
}

/**
 * Returns the operation of a span, as the GenAI conventions name it: the attribute, or the first word of the span's
 * name.
 */
export function readOperation({ started, ended }: Span): string {
  const told = ended?.attributes['gen_ai.operation.name']
  return typeof told === 'string' ? told : (started.name.split(' ')[0] ?? '')
}
