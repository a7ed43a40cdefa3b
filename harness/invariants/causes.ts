import { type RunRecord, readRunStatus } from '../history/runs.ts'
import { readOperation, type Span } from '../history/spans.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'

/** Returns the operation of a span as a word of a cause. A name that may hold an id or a text becomes `other`. */
export function nameSpan(span: Span): string {
  const operation = readOperation(span)
  return /^[A-Za-z_.-]{1,40}$/.test(operation) ? operation : 'other'
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
