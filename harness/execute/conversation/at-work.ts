import type { HistoryEvent } from '../../contract/events.ts'

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
