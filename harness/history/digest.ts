import { createHash } from 'node:crypto'
import { canonical } from '../../mocks/json.ts'
import type { History, HistoryEvent } from './events.ts'

/** Ids of the service and of spans: what is drawn anew, and told apart only by its order of appearance. */
const IDS =
  /\b(resp|msg|fc|rs|call|req|conv|ctc|cmp)_[A-Za-z0-9]{8,}\b|\b[0-9a-f]{16}\b|\btrace_[0-9a-f]{32}\b|\bspan_[0-9a-f]{24}\b/g

/**
 * The SHA-256 of a history's canonical JSON, with ids numbered in order of appearance: the service's order, then each
 * conversation's own, then that of each tree of spans. Between these nothing is ordered: over http a client sees an event
 * at a time of its own. Noise is not part of it, nor how a response ended that the client cut, for that is seen late or
 * never.
 */
export function digest(history: History): string {
  const groups = new Map<string, HistoryEvent[]>()
  const rootOf = roots(history)
  for (const event of history) {
    const group = groupOf(event, rootOf)
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), event])
  }
  const numbers = new Map<string, string>()
  const text = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, events]) => events.map(canonical).join('\n'))
    .join('\n\n')
    .replace(IDS, (id) => {
      const known = numbers.get(id) ?? `#${numbers.size}`
      numbers.set(id, known)
      return known
    })
  return createHash('sha256').update(text).digest('hex')
}

/** The group whose order an event belongs to; undefined: it is no part of the digest. */
function groupOf(event: HistoryEvent, rootOf: ReadonlyMap<string, number>): string | undefined {
  if (event.kind === 'noise' || event.kind === 'request.cancelled') return undefined
  if (event.kind === 'response.end' && event.how === 'cut') return undefined
  if (event.kind === 'span.start' || event.kind === 'span.end')
    return `c span tree ${String(rootOf.get(event.span) ?? 0).padStart(6, '0')}`
  if ('run' in event && event.kind !== 'request')
    return `b conversation ${event.run?.split('.')[0] ?? 'of nobody'}`
  return 'a service'
}

/** For each span the number of its tree, in the order in which the trees began. */
function roots(history: History): Map<string, number> {
  const rootOf = new Map<string, number>()
  let trees = 0
  for (const event of history)
    if (event.kind === 'span.start') rootOf.set(event.span, rootOf.get(event.parent ?? '') ?? trees++)
  return rootOf
}
