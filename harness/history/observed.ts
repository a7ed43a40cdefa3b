import { type JsonObject, toCanonicalJson } from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'
import { numberIds } from './digest.ts'
import { memoize } from './projection.ts'
import { groupByRun, type RunRecord } from './runs.ts'

/** What of one run a consumer, the service and the tools see, kind by kind and in order. */
export interface ObservedRun {
  run: string
  /** Where the run ended, or began. */
  at: number
  seen: Record<string, unknown[]>
}

/**
 * Each run as it looks from outside. Kinds are told apart, for a runtime may do two things at once, and nothing promises
 * which is seen first. Of a run that its consumer stopped only what it asked for is told: how much of the rest came in
 * time is chance; of one that was dropped, nothing.
 */
export const listObservedRuns = memoize((history: History): readonly ObservedRun[] =>
  groupByRun(history)
    .runs.filter(({ stopped }) => !leavesRunOpen(stopped))
    .map((story) => ({ run: story.run, at: story.ended?.at ?? story.at, seen: groupByKind(story) })),
)

/** What was seen of one kind as texts that can be compared: ids are numbered. */
export function toComparableTexts(seen: readonly unknown[]): string[] {
  return numberIds(seen.map(toCanonicalJson).join('\n')).split('\n')
}

function groupByKind(story: RunRecord): Record<string, unknown[]> {
  const { ended, requests, updates, hooks, toolStarts, toolEnds, stopped } = story
  const { status, text, error } = ended?.outcome ?? {}
  const outcome = { outcome: [stopped === undefined ? { status, text, error } : { status }] }
  const asked = {
    request: requests.map(({ asked }) => ({ attempt: asked.attempt, body: omitMetadata(asked.body) })),
  }
  if (stopped !== undefined) return { ...outcome, ...asked }
  return {
    ...outcome,
    ...asked,
    update: updates.map(({ event }) => event.update),
    hook: hooks.map(({ event: { name, agent, threw } }) => ({ name, agent, threw })),
    'tool start': toolStarts.map(({ event: { name, args, call } }) => ({ name, args, call })),
    'tool end': toolEnds.map(({ event: { name, result, error } }) => ({ name, result, error })),
  }
}

/** A body without `metadata`, where tracing may put what ties a request to its span. */
function omitMetadata({ metadata: _, ...body }: JsonObject): JsonObject {
  return body
}
