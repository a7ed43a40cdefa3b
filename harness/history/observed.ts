import { isObject, type JsonObject, toCanonicalJson } from '../../mocks/json.ts'
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
  const { ended, requests, updates, hooks, stopped } = story
  const places = indexCalls(story)
  const toolStarts = sortByCall(story.toolStarts, places)
  const toolEnds = sortByCall(story.toolEnds, places)
  const { status, text, error } = ended?.outcome ?? {}
  const outcome = {
    outcome: [stopped === undefined ? { status, text, error: omitCauses(error) } : { status }],
  }
  const asked = {
    request: requests.map(({ asked }) => ({
      attempt: asked.attempt,
      body: sortOutputs(omitMetadata(asked.body), places),
    })),
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

/** Returns the place of each call in the order in which the model made the calls, by the id of the call. */
function indexCalls({ requests }: RunRecord): ReadonlyMap<unknown, number> {
  const places = new Map<unknown, number>()
  const items = requests.flatMap(({ asked, ended }) => [
    ...asked.context,
    ...(ended?.event.response?.output ?? []),
  ])
  for (const { type, call_id: id } of items)
    if (type === 'function_call' && !places.has(id)) places.set(id, places.size)
  return places
}

/** Returns tool events in the order of their calls. Parallel calls may start and end in any order. */
function sortByCall<E extends { event: { call?: string } }>(
  events: readonly E[],
  places: ReadonlyMap<unknown, number>,
): E[] {
  const placeOf = ({ event }: E) => places.get(event.call) ?? Number.POSITIVE_INFINITY
  return events.every(({ event }) => places.has(event.call))
    ? events.toSorted((one, other) => placeOf(one) - placeOf(other))
    : [...events]
}

/** Returns a body with outputs that follow one another in the order of their calls. They may be sent in any order. */
function sortOutputs(body: JsonObject, places: ReadonlyMap<unknown, number>): JsonObject {
  const { input } = body
  if (!Array.isArray(input)) return body
  const isOutput = (item: unknown) => isObject(item) && item['type'] === 'function_call_output'
  const placeOf = (item: unknown) => (isObject(item) ? places.get(item['call_id']) : undefined) ?? 0
  const sorted = [...input]
  for (let from = 0; from < sorted.length; from++) {
    if (!isOutput(sorted[from])) continue
    let to = from + 1
    while (to < sorted.length && isOutput(sorted[to])) to++
    const outputs = sorted.slice(from, to).toSorted((one, other) => placeOf(one) - placeOf(other))
    sorted.splice(from, to - from, ...outputs)
    from = to
  }
  return { ...body, input: sorted }
}
