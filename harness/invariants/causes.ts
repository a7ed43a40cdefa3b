import type { SpanEnded } from '../contract/events.ts'
import { type RunRecord, readRunStatus } from '../history/runs.ts'
import { readOperation, type Span } from '../history/spans.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'

/** Returns the operation of a span as a word of a cause. */
export function nameSpan(span: Span): string {
  return makeSafeWord(readOperation(span))
}

/** Returns the operation of a span that ended as a word of a cause. */
export function nameOperation({ name, attributes }: SpanEnded): string {
  const told = attributes['gen_ai.operation.name']
  return makeSafeWord(typeof told === 'string' ? told : (name.split(' ')[0] ?? ''))
}

/** Returns a word, or `other` if it may hold an id or a text. */
function makeSafeWord(word: string): string {
  return /^[A-Za-z_.-]{1,40}$/.test(word) ? word : 'other'
}

/** Returns how a run ended as words of a cause. A stop by the consumer counts more than the status. */
export function nameRunEnd(story: RunRecord): string {
  const { stopped } = story
  if (leavesRunOpen(stopped)) return 'run dropped'
  const status = readRunStatus(story)
  if (stopped === undefined) return status === undefined ? 'run without an end' : `run ${nameStatus(status)}`
  return stopped.how === 'abort' ? 'run aborted' : 'consumer returned'
}

function nameStatus(status: string): string {
  return status === 'incomplete' ? 'ended incomplete' : status
}

/** Returns the class of the first error or warning that a message names. Returns undefined if it names none. */
export function findErrorName(message: string): string | undefined {
  return /\b[A-Z][A-Za-z]{0,60}(?:Error|Exception|Warning)\b|\bError\b/.exec(message)?.[0]
}

/** Returns the host of the first URL in a message. Returns undefined if there is none, or only an address of numbers. */
export function findHost(message: string): string | undefined {
  return /https?:\/\/([a-z][a-z.-]{1,80})(?=[:/]|$)/i.exec(message)?.[1]?.toLowerCase()
}
