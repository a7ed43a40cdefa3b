import type { HistoryEvent } from '../../contract/events.ts'
import { listSeenItems } from './attribution.ts'

/**
 * Returns whether a run still works after its end: a request or a tool call of the run is open, or began after the end. A
 * request whose client has gone is not open.
 */
export function isStillAtWork(events: readonly HistoryEvent[], run: string): boolean {
  const requests = new Set<number>()
  let calls = 0
  let hasEnded = false
  for (const event of events) {
    if (event.kind === 'response.end' || event.kind === 'request.cancelled') requests.delete(event.request)
    if (!('run' in event) || event.run !== run) continue
    if (hasEnded && (event.kind === 'request' || event.kind === 'tool.start')) return true
    if (event.kind === 'run.end') hasEnded = true
    else if (event.kind === 'request') requests.add(event.request)
    else if (event.kind === 'tool.start') calls++
    else if (event.kind === 'tool.end') calls--
  }
  return requests.size + calls > 0
}

/** Returns whether a request has the output of a call that the model made in a run, also in an answer that failed. */
export function answersCallOf(events: readonly HistoryEvent[], run: string, seen: unknown): boolean {
  const outputs = listSeenItems(seen).filter(({ type }) => type === 'function_call_output')
  const answered = new Set(outputs.map(({ call_id: id }) => id))
  if (answered.size === 0) return false
  const requests = new Set<number>()
  return events.some((event) => {
    if (event.kind === 'request' && event.run === run) requests.add(event.request)
    if (event.kind !== 'stream.event' && event.kind !== 'response.end') return false
    if (!requests.has(event.request)) return false
    const given = event.kind === 'stream.event' ? [event.item ?? {}] : (event.response?.output ?? [])
    return given.some(({ type, call_id: id }) => type === 'function_call' && answered.has(id))
  })
}
