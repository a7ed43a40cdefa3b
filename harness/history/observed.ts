import { type JsonObject, toCanonicalJson } from '../../mocks/json.ts'
import { omitCauses } from '../contract/error-shape.ts'
import type { History } from '../contract/events.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'
import { numberIds } from './digest.ts'
import { memoize } from './projection.ts'
import { groupByRun, type RunRecord } from './runs.ts'

/** What the consumer, the service and the tools saw of one run, grouped by kind and in order. */
export interface ObservedRun {
  run: string
  seen: Record<string, unknown[]>
}

/**
 * Returns what can be observed of each run from outside. Kinds are kept apart, because a runtime may do two things at
 * once in any order. For a run that its consumer stopped, only its requests count, because timing decides how much
 * else arrived. A dropped run is left out.
 */
export const listObservedRuns = memoize((history: History): readonly ObservedRun[] =>
  groupByRun(history)
    .runs.filter(({ stopped }) => !leavesRunOpen(stopped))
    .map((story) => ({ run: story.run, seen: groupByKind(story) })),
)

/** Returns observed values as texts that can be compared. Ids are numbered. */
export function toComparableTexts(seen: readonly unknown[]): string[] {
  return numberIds(seen.map(toCanonicalJson).join('\n')).split('\n')
}

function groupByKind(story: RunRecord): Record<string, unknown[]> {
  const { ended, requests, updates, hooks, toolStarts, toolEnds, stopped } = story
  const { status, text, error } = ended?.outcome ?? {}
  const outcome = {
    outcome: [stopped === undefined ? { status, text, error: omitCauses(error) } : { status }],
  }
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
    'tool end': sortCancelled(toolEnds).map(({ name, result, error }) => ({ name, result, error })),
  }
}

/** Returns the ends of tools with the cancelled ones last and sorted, because they all end at once. */
function sortCancelled(toolEnds: RunRecord['toolEnds']): RunRecord['toolEnds'][number]['event'][] {
  const ends = toolEnds.map(({ event }) => event)
  const cancelled = ends.filter((end) => end.cancelled).sort((a, b) => (a.name < b.name ? -1 : 1))
  return [...ends.filter((end) => !end.cancelled), ...cancelled]
}

/** Returns a body without `metadata`. Tracing may use it to connect a request with its span. */
function omitMetadata({ metadata: _, ...body }: JsonObject): JsonObject {
  return body
}
