import { createHash } from 'node:crypto'
import { canonical } from '../../mocks/json.ts'
import type { History } from './events.ts'

/** Ids of the service and of spans: what is drawn anew, and told apart only by its order of appearance. */
const IDS =
  /\b(resp|msg|fc|rs|call|req|conv|ctc|cmp)_[A-Za-z0-9]{8,}\b|\b[0-9a-f]{16}\b|\btrace_[0-9a-f]{32}\b|\bspan_[0-9a-f]{24}\b/g

/**
 * The SHA-256 of a history's canonical JSON, with ids numbered in order of appearance. Two runs with one digest are one
 * and the same as far as anybody can see. Noise is not part of it, nor how a response ended that the client cut, for
 * over http that is seen late or never.
 */
export function digest(history: History): string {
  const numbers = new Map<string, string>()
  const told = history.filter(
    (event) =>
      event.kind !== 'noise' &&
      event.kind !== 'request.cancelled' &&
      !(event.kind === 'response.end' && event.how === 'cut'),
  )
  const text = told
    .map(canonical)
    .join('\n')
    .replace(IDS, (id) => {
      const known = numbers.get(id) ?? `#${numbers.size}`
      numbers.set(id, known)
      return known
    })
  return createHash('sha256').update(text).digest('hex')
}
