import { hash } from 'node:crypto'
import { toCanonicalJson } from '../../mocks/json.ts'
import { omitCauses } from '../contract/error-shape.ts'
import { type History, type HistoryEvent, parseConversation } from '../contract/events.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'

/**
 * Values that are new in each run: ids of the service, of spans and of objects, memory addresses, and the service's
 * address. Only their order of appearance is compared.
 */
const IDS = new RegExp(
  [
    '\\b(resp|msg|fc|rs|call|req|conv|ctc|cmp)_[A-Za-z0-9]{8,}\\b',
    '\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b',
    '\\b[0-9a-f]{16}\\b',
    '\\btrace_[0-9a-f]{32}\\b',
    '\\bspan_[0-9a-f]{24}\\b',
    '\\b0x[0-9a-f]{6,16}\\b',
    '\\b127\\.0\\.0\\.1:\\d+',
    '\\bgAAAA[\\w-]+',
  ].join('|'),
  'g',
)

/**
 * The frames of a stack in a text, also in a JSON text. They name files of the harness, and a runtime may show a stack to the
 * model.
 */
const FRAMES = /(?:\\+n|\n)\s+at (?:[^"\\\n]|\\(?!n))+/g

/** Times in a response, and durations. */
const TIMES = /"((?:created|completed)_at|[\w.]+\.duration)":[\d.e-]+/g

/**
 * Returns the SHA-256 of what must be equal if one plan runs twice on one runtime, on any transport.
 * Ids are numbered in order of appearance. Events are ordered only within a group: the service's events, each
 * conversation's, each span tree's, and each agent's hooks. Between groups nothing is ordered, because over http a
 * client sees an event in its own time. Within a group, spans that end together and calls that are cancelled together
 * have no order.
 * Left out is what depends on timing: pulls, noise, what is left open, how an answer ended that the client cut, and
 * what happens in a dropped run.
 */
export function computeDigest(history: History): string {
  return hash('sha256', writeDigestText(history))
}

/** Returns the text that the digest is computed from. If two digests differ, these texts show where. */
export function writeDigestText(history: History): string {
  const groups = new Map<string, HistoryEvent[]>()
  const groupOf = createGrouper(history)
  for (const event of history) {
    const group = groupOf(event)
    if (group === undefined) continue
    const members = groups.get(group)
    if (members) members.push(event)
    else groups.set(group, [event])
  }
  const text = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, events]) => sortByCause(events).map(writeEvent).join('\n'))
    .join('\n\n')
  return numberIds(text)
}

/**
 * Returns the events with simultaneous ends in a fixed order: spans that end, and calls that are cancelled, with
 * nothing between them are sorted in reverse order of their starts.
 */
function sortByCause(events: readonly HistoryEvent[]): HistoryEvent[] {
  const starts = new Map<string, number>()
  const ordered: HistoryEvent[] = []
  let ending: HistoryEvent[] = []
  const placeOf = (event: HistoryEvent) => starts.get(readSpanOrCallId(event) ?? '') ?? 0
  const settle = () => {
    ordered.push(...ending.toSorted((a, b) => placeOf(b) - placeOf(a)))
    ending = []
  }
  for (const event of events) {
    const ends = event.kind === 'span.end' || (event.kind === 'tool.end' && event.cancelled === true)
    if (!ends || ending.some(({ kind }) => kind !== event.kind)) settle()
    if (ends) ending.push(event)
    else {
      const begun = readSpanOrCallId(event)
      if (begun !== undefined && !starts.has(begun)) starts.set(begun, starts.size)
      ordered.push(event)
    }
  }
  settle()
  return ordered
}

/** Returns the id that connects the end of a span or call with its start. */
function readSpanOrCallId(event: HistoryEvent): string | undefined {
  if (event.kind === 'span.start' || event.kind === 'span.end') return event.span
  return event.kind === 'tool.start' || event.kind === 'tool.end' ? event.call : undefined
}

/**
 * Returns a text with its ids numbered in order of appearance, without times and without the frames of stacks, so that texts that
 * differ only in ids become equal.
 */
export function numberIds(text: string): string {
  const numbers = new Map<string, string>()
  const steady = text.replace(FRAMES, '').replace(TIMES, '"$1":0')
  return steady.replace(IDS, (id) => {
    const known = numbers.get(id) ?? `#${numbers.size}`
    numbers.set(id, known)
    return known
  })
}

/** Returns an event as JSON, without its step and without values that follow from its other parts. */
function writeEvent(event: HistoryEvent): string {
  const { step: _, ...told } = event.kind === 'step' ? { ...event, step: undefined } : event
  // The conversation of a span follows from the step, and over http the step is not exact.
  if (told.kind === 'span.start') return toCanonicalJson({ ...told, conversation: null })
  if (told.kind === 'run.end' && told.outcome.error !== undefined)
    return toCanonicalJson({ ...told, outcome: { ...told.outcome, error: omitCauses(told.outcome.error) } })
  if (told.kind !== 'request') return toCanonicalJson(told)
  const { context: _context, recorded: _recorded, ...request } = told
  return toCanonicalJson(request)
}

/**
 * Returns a function that gives the group in which an event is ordered, or undefined for an event that the digest
 * leaves out.
 */
function createGrouper(history: History): (event: HistoryEvent) => string | undefined {
  const rootOf = numberSpanTrees(history)
  const dropped = listDroppedRequests(history)
  const untimed = listEventsAfterDrop(history, rootOf)
  return (event) => {
    if (untimed.has(event)) return undefined
    switch (event.kind) {
      case 'noise':
      case 'pull':
      case 'left-open':
      case 'left-behind':
      case 'at-rest':
      case 'close':
      case 'collection':
      case 'growth':
      case 'request.cancelled':
        return undefined
      case 'span.start':
      case 'span.end':
      case 'span.late':
        return `c span tree ${String(rootOf.get(event.span) ?? 0).padStart(6, '0')}`
      case 'registration':
        return `d hooks of agent ${String(event.instance).padStart(6, '0')}`
      case 'response.end':
        return event.how === 'cut' || dropped.has(event.request) ? undefined : 'a service'
      case 'stream.event':
        return dropped.has(event.request) ? undefined : 'a service'
      case 'request':
        return dropped.has(event.request) ? undefined : 'a service'
      default:
        return 'run' in event && event.kind !== 'request.other'
          ? `b conversation ${event.run?.split('.')[0] ?? 'of nobody'}`
          : 'a service'
    }
  }
}

/** Returns the requests of dropped runs. A dropped run goes on in its own time. */
function listDroppedRequests(history: History): Set<number> {
  const runs = new Set<string>()
  for (const event of history) if (event.kind === 'stop' && leavesRunOpen(event)) runs.add(event.run)
  const requests = new Set<number>()
  if (runs.size > 0)
    for (const event of history)
      if (event.kind === 'request' && runs.has(event.run ?? '')) requests.add(event.request)
  return requests
}

/**
 * Returns the events of a dropped run after its consumer left, and all its spans. How far such a run gets depends on
 * timing.
 */
function listEventsAfterDrop(history: History, rootOf: ReadonlyMap<string, number>): Set<HistoryEvent> {
  const told = new Set<HistoryEvent>()
  const starts = listRootSpans(history, rootOf)
  for (const [at, stop] of history.entries()) {
    if (stop.kind !== 'stop' || !leavesRunOpen(stop)) continue
    const conversation = parseConversation(stop.run)
    const begun = history.findIndex((event) => event.kind === 'run.start' && event.run === stop.run)
    const trees = new Set(
      starts
        .filter((root) => root.at >= begun && root.conversation === conversation)
        .map(({ span }) => rootOf.get(span)),
    )
    for (const [place, event] of history.entries()) {
      const isSpan = event.kind === 'span.start' || event.kind === 'span.end' || event.kind === 'span.late'
      if (isSpan ? trees.has(rootOf.get(event.span)) : place > at && 'run' in event && event.run === stop.run)
        told.add(event)
    }
  }
  return told
}

/** Returns the first span of each tree, with its index. */
function listRootSpans(history: History, rootOf: ReadonlyMap<string, number>) {
  const first = new Map<number | undefined, { at: number; span: string; conversation: number | null }>()
  for (const [at, event] of history.entries()) {
    if (event.kind !== 'span.start') continue
    const { span, conversation } = event
    const tree = rootOf.get(span)
    if (!first.has(tree)) first.set(tree, { at, span, conversation })
  }
  return [...first.values()]
}

/** Returns the tree number of each span. Trees are numbered in the order in which they began. */
function numberSpanTrees(history: History): Map<string, number> {
  const rootOf = new Map<string, number>()
  let trees = 0
  for (const event of history)
    if (event.kind === 'span.start') rootOf.set(event.span, rootOf.get(event.parent ?? '') ?? trees++)
  return rootOf
}
