import type { History } from '../contract/events.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'
import { memoize } from './projection.ts'
import type { RequestRecord, RunRecord } from './runs.ts'

/** Where in a history all was quiet after the last run, and where the team was asked to close. */
export interface Rest {
  /** Index of the event `at-rest`. The length of the history if there is none. */
  atRest: number
  /** Index of the event `close`. The length of the history if there is none. */
  close: number
}

export const findRest = memoize((history: History): Rest => {
  const indexOf = (kind: 'at-rest' | 'close') => {
    const at = history.findIndex((event) => event.kind === kind)
    return at === -1 ? history.length : at
  }
  return { atRest: indexOf('at-rest'), close: indexOf('close') }
})

/** Returns whether a run owes nothing before the team is closed: its consumer dropped it, or it did not end. */
export function isOpenAtRest({ stopped, ended }: RunRecord): boolean {
  return leavesRunOpen(stopped) || ended === undefined || ended.outcome.status === 'hung'
}

/** Returns whether a request was still open at an index: it had not ended and was not cancelled. */
export function isRequestOpenAt({ at, ended, cancelled }: RequestRecord, index: number): boolean {
  const over = Math.min(ended?.at ?? index, cancelled ?? index)
  return at < index && over >= index
}
