import type { History, HistoryEvent, ModelRequest, ResponseEnded, SentEvent } from '../contract/events.ts'
import { parseConversation } from '../contract/events.ts'
import type { Outcome } from '../contract/run-outcome.ts'
import { memoize } from './projection.ts'

type Of<K extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: K }>

/** An event and its index in the history. */
export interface At<E extends HistoryEvent> {
  at: number
  event: E
}

/** A request for a response and what happened to it. */
export interface RequestRecord {
  at: number
  asked: ModelRequest
  sent: At<SentEvent>[]
  ended?: At<ResponseEnded>
  refused?: At<Of<'request.refused'>>
  cancelled?: number
}

/** All events of one run, in order. */
export interface RunRecord {
  run: string
  /** -1 if the run belongs to no conversation. */
  conversation: number
  at: number
  started: Of<'run.start'>
  /** The first end of the run. */
  ended?: { at: number; outcome: Outcome }
  /** Indexes of all ends of the run. A correct run has one. */
  ends: number[]
  stopped?: { at: number; how: Of<'stop'>['how'] }
  requests: RequestRecord[]
  updates: At<Of<'update'>>[]
  pulls: At<Of<'pull'>>[]
  hooks: At<Of<'hook'>>[]
  toolStarts: At<Of<'tool.start'>>[]
  toolEnds: At<Of<'tool.end'>>[]
  handoffs: At<Of<'handoff'>>[]
}

/** A history grouped by run. `requests` also has the requests that no run sent. */
export interface Records {
  runs: RunRecord[]
  requests: RequestRecord[]
}

/** Returns a history grouped by run and by request. */
export const groupByRun = memoize((history: History): Records => {
  const runs = new Map<string, RunRecord>()
  const requests = new Map<number, RequestRecord>()
  const caught = new Set(history.flatMap((event) => (event.kind === 'runtime' ? (event.caught ?? []) : [])))
  history.forEach((event, at) => {
    if (event.kind === 'run.start') runs.set(event.run, createRunRecord(event, at))
    else if (event.kind === 'request') {
      const story: RequestRecord = { at, asked: event, sent: [] }
      requests.set(event.request, story)
      runs.get(event.run ?? '')?.requests.push(story)
    } else if ('request' in event) addToRequest(requests.get(event.request), event, at)
    else if (event.kind === 'hook' && caught.has(event.name))
      addToRun(runs.get(event.run ?? ''), ignoreError(event), at)
    else if ('run' in event) addToRun(runs.get(event.run ?? ''), event, at)
  })
  return { runs: [...runs.values()], requests: [...requests.values()] }
})

/** Returns the call of a hook as one that did not throw. The runtime documents that errors of the hook are caught. */
function ignoreError({ threw: _, ...hook }: Of<'hook'>): Of<'hook'> {
  return hook
}

function createRunRecord(started: Of<'run.start'>, at: number): RunRecord {
  return {
    run: started.run,
    conversation: parseConversation(started.run) ?? -1,
    at,
    started,
    ends: [],
    requests: [],
    updates: [],
    pulls: [],
    hooks: [],
    toolStarts: [],
    toolEnds: [],
    handoffs: [],
  }
}

function addToRequest(story: RequestRecord | undefined, event: HistoryEvent, at: number): void {
  if (story === undefined) return
  if (event.kind === 'stream.event') story.sent.push({ at, event })
  else if (event.kind === 'response.end') story.ended ??= { at, event }
  else if (event.kind === 'request.refused') story.refused = { at, event }
  else if (event.kind === 'request.cancelled') story.cancelled ??= at
}

function addToRun(story: RunRecord | undefined, event: HistoryEvent, at: number): void {
  if (story === undefined) return
  if (event.kind === 'run.end') {
    story.ended ??= { at, outcome: event.outcome }
    story.ends.push(at)
  } else if (event.kind === 'stop') story.stopped ??= { at, how: event.how }
  else if (event.kind === 'update') story.updates.push({ at, event })
  else if (event.kind === 'pull') story.pulls.push({ at, event })
  else if (event.kind === 'hook') story.hooks.push({ at, event })
  else if (event.kind === 'tool.start') story.toolStarts.push({ at, event })
  else if (event.kind === 'tool.end') story.toolEnds.push({ at, event })
  else if (event.kind === 'handoff') story.handoffs.push({ at, event })
}

/** Returns the first end of a tool call, by the id of the call. Returns undefined if the tool of that call did not end. */
export function findToolEnd(story: RunRecord, call: string): RunRecord['toolEnds'][number] | undefined {
  return indexToolEnds(story).get(call)
}

const indexToolEnds = memoize(
  ({ toolEnds }: RunRecord): ReadonlyMap<string | undefined, RunRecord['toolEnds'][number]> =>
    new Map(toolEnds.toReversed().map((end) => [end.event.call, end])),
)

/**
 * Returns the index at which a run ended. If it never ended: at which it began. If the history has no such run: the last index.
 */
export function findEndOfRun(history: History, run: string): number {
  const story = groupByRun(history).runs.find((one) => one.run === run)
  return story?.ended?.at ?? story?.at ?? Math.max(0, history.length - 1)
}

/** Returns how a run ended. Returns undefined if it did not end, for example because it was dropped. */
export function readRunStatus({ ended }: RunRecord): Outcome['status'] | undefined {
  return ended?.outcome.status
}

/** Returns whether a run gave its consumer an answer, whole or incomplete. */
export function hasSucceeded(story: RunRecord): boolean {
  const status = readRunStatus(story)
  return status === 'completed' || status === 'incomplete'
}

/**
 * Returns whether a request belongs to an agent that was called as a tool. All other requests belong to agents that
 * have the conversation: the first one, and those it was handed to.
 */
export function isNested({ asked }: RequestRecord, { requests }: RunRecord): boolean {
  if (asked.nested) return true
  return asked.agent !== requests[0]?.asked.agent && asked.handoffs === undefined
}

/** Returns the requests of the agents that had the conversation. */
export function listOuterRequests(story: RunRecord): RequestRecord[] {
  return story.requests.filter((request) => !isNested(request, story))
}

/** Returns the names of the agents that were called as tools. */
export function listNestedAgents(story: RunRecord): Set<string | undefined> {
  return new Set(story.requests.filter((request) => isNested(request, story)).map(({ asked }) => asked.agent))
}

/**
 * Returns whether a stream was malformed before index `before`: it had a frame that is no event, or an `error` event.
 */
export function hasBrokenStream({ sent }: RequestRecord, before = Number.POSITIVE_INFINITY): boolean {
  return sent.some(({ at, event }) => at < before && (event.type === 'garbage' || event.type === 'error'))
}

/** Returns whether a request was answered completely, with no malformed frame in between. */
export function isAnsweredWhole(story: RequestRecord): boolean {
  return story.ended?.event.how === 'completed' && !hasBrokenStream(story)
}

/** Returns whether a request names a conversation object. */
export function namesConversation({ asked }: RequestRecord): boolean {
  return (asked.body['conversation'] ?? null) !== null
}
