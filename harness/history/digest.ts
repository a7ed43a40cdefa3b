import { hash } from 'node:crypto'
import { toCanonicalJson } from '../../mocks/json.ts'
import { type History, type HistoryEvent, parseConversation } from '../contract/events.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'

/**
 * Ids of the service, of spans and of objects, addresses in memory, and where the service listens: what is drawn anew, and
 * told apart only by its order of appearance.
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

/** Times within what a runtime tells of a response, and how long something took. */
const TIMES = /"((?:created|completed)_at|[\w.]+\.duration)":[\d.e-]+/g

/**
 * The SHA-256 of a history's canonical JSON, with ids numbered in order of appearance: the service's order, then each
 * conversation's own, then that of each tree of spans, then that of the hooks registered with each agent. Between these
 * nothing is ordered: over http a client sees an event at a time of its own; nor are spans of a tree that end with nothing
 * between, as where a run and one inside its tool are stopped, nor calls that are cancelled together. What is seen late or
 * never is no part of it: pulls, noise, what is left open, how a response ended that the client cut, what becomes of a run
 * that was dropped, and its spans.
 */
export function computeDigest(history: History): string {
  return hash('sha256', writeDigestText(history))
}

/** The text that a digest is taken of: where two differ, it shows how. */
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

/** Spans that end, and calls of tools that are cancelled, with nothing between: in the reverse order of their starts. */
function sortByCause(events: readonly HistoryEvent[]): HistoryEvent[] {
  const starts = new Map<string, number>()
  const ordered: HistoryEvent[] = []
  let ending: HistoryEvent[] = []
  const placeOf = (event: HistoryEvent) => starts.get(findBeginning(event) ?? '') ?? 0
  const settle = () => {
    ordered.push(...ending.toSorted((a, b) => placeOf(b) - placeOf(a)))
    ending = []
  }
  for (const event of events) {
    const ends = event.kind === 'span.end' || (event.kind === 'tool.end' && event.cancelled === true)
    if (!ends || ending.some(({ kind }) => kind !== event.kind)) settle()
    if (ends) ending.push(event)
    else {
      const begun = findBeginning(event)
      if (begun !== undefined && !starts.has(begun)) starts.set(begun, starts.size)
      ordered.push(event)
    }
  }
  settle()
  return ordered
}

/** What names a span, or a call, from its start to its end. */
function findBeginning(event: HistoryEvent): string | undefined {
  if (event.kind === 'span.start' || event.kind === 'span.end') return event.span
  return event.kind === 'tool.start' || event.kind === 'tool.end' ? event.call : undefined
}

/** A text with its ids numbered in order of appearance, and without times: two that say the same of other ids become equal. */
export function numberIds(text: string): string {
  const numbers = new Map<string, string>()
  return text.replace(TIMES, '"$1":0').replace(IDS, (id) => {
    const known = numbers.get(id) ?? `#${numbers.size}`
    numbers.set(id, known)
    return known
  })
}

/** An event without the step in which it was seen and what follows from its other parts. */
function writeEvent(event: HistoryEvent): string {
  const { step: _, ...told } = event.kind === 'step' ? { ...event, step: undefined } : event
  // Whose span it is follows from the step, which over http is not exact.
  if (told.kind === 'span.start') return toCanonicalJson({ ...told, conversation: null })
  if (told.kind !== 'request') return toCanonicalJson(told)
  const { context: _context, recorded: _recorded, ...request } = told
  return toCanonicalJson(request)
}

/** For each event the group whose order it belongs to; undefined: it is no part of the digest. */
function createGrouper(history: History): (event: HistoryEvent) => string | undefined {
  const rootOf = indexRoots(history)
  const dropped = listDroppedRequests(history)
  const untimed = listEventsAfterDrop(history, rootOf)
  return (event) => {
    if (untimed.has(event)) return undefined
    switch (event.kind) {
      case 'noise':
      case 'pull':
      case 'left-open':
      case 'collection':
      case 'request.cancelled':
        return undefined
      case 'span.start':
      case 'span.end':
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

/** The requests of runs that their consumer dropped: such a run goes on in a time of its own. */
function listDroppedRequests(history: History): Set<number> {
  const runs = new Set<string>()
  for (const event of history) if (event.kind === 'stop' && leavesRunOpen(event)) runs.add(event.run)
  const requests = new Set<number>()
  if (runs.size > 0)
    for (const event of history)
      if (event.kind === 'request' && runs.has(event.run ?? '')) requests.add(event.request)
  return requests
}

/** What is told of a dropped run when its consumer has gone, and all its spans: how far it comes is a matter of time. */
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
      const isSpan = event.kind === 'span.start' || event.kind === 'span.end'
      if (isSpan ? trees.has(rootOf.get(event.span)) : place > at && 'run' in event && event.run === stop.run)
        told.add(event)
    }
  }
  return told
}

/** The first span of each tree, and its place. */
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

/** For each span the number of its tree, in the order in which the trees began. */
function indexRoots(history: History): Map<string, number> {
  const rootOf = new Map<string, number>()
  let trees = 0
  for (const event of history)
    if (event.kind === 'span.start') rootOf.set(event.span, rootOf.get(event.parent ?? '') ?? trees++)
  return rootOf
}
