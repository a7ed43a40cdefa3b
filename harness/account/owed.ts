import { listActivations } from '../history/activations.ts'
import { findMark, readFirstUserText } from '../history/items.ts'
import { isNested, type RequestRecord, type RunRecord, readRunStatus } from '../history/runs.ts'
import { findCanaries } from '../plan/canary.ts'
import { type ConversationAccount, countCallMarks, type Entry } from './entries.ts'

/** An entry that a request must contain. */
export interface Owed {
  entry: Entry
  /** `should`: the work of another agent, or of the same agent before a handoff. A runtime may filter that. */
  level: 'must' | 'should'
  /** Entries with the same rank may stand in any order. A lower rank stands first. */
  rank: number
}

/** Returns whether an agent had handed the conversation to another one before an event. */
export function hasChangedHands({ entries }: ConversationAccount, before: number): boolean {
  return entries.some((entry) => entry.at < before && entry.kind === 'call' && entry.target !== undefined)
}

/**
 * Returns what a request must contain, in order: the user messages of completed runs and of its own run, and the answers,
 * calls and results of these runs. After a handoff, an agent must see only what it received itself since it took over.
 */
export function listOwed(account: ConversationAccount, request: RequestRecord, story: RunRecord): Owed[] {
  if (isNested(request, story)) return listOwedToNested(account, request, story)
  const changed = hasChangedHands(account, request.at)
  const own = findActivationStart(request, story)
  let rank = 0
  let last: RequestRecord | undefined
  return account.entries.flatMap((entry): Owed[] => {
    if (entry.kind === 'user message') rank++
    const from = readOrigin(entry)
    if (from !== undefined && from !== last) {
      last = from
      rank++
    }
    if (!countsFor(entry, request, story)) return []
    if (from === undefined) return [{ entry, level: 'must', rank }]
    const isOwn = entry.story === story && from.at >= own
    return [{ entry, level: isOwn || !changed ? 'must' : 'should', rank }]
  })
}

/** Returns whether an entry is complete, not a handoff, and of a run that a later request must know. */
function countsFor(entry: Entry, request: RequestRecord, story: RunRecord): boolean {
  if (entry.fate !== 'whole' || entry.at >= request.at) return false
  if (entry.story !== story && readRunStatus(entry.story) !== 'completed') return false
  if (entry.kind === 'call') return !entry.nested && entry.target === undefined
  if (entry.kind === 'result') return !entry.call.nested && entry.call.target === undefined
  return entry.kind === 'user message' || !entry.nested
}

/** Returns the request whose answer an entry comes from. Returns undefined for a user message. */
export function readOrigin(entry: Entry): RequestRecord | undefined {
  if (entry.kind === 'user message') return undefined
  return entry.kind === 'result' ? entry.call.request : entry.request
}

function findActivationStart(request: RequestRecord, story: RunRecord): number {
  const activation = listActivations(story).find(({ requests }) => requests.includes(request))
  return activation?.requests[0]?.at ?? request.at
}

/**
 * Returns what an agent that runs as a tool must see: what it received itself since the same call. Returns nothing if nothing
 * says which call it was.
 */
function listOwedToNested(account: ConversationAccount, request: RequestRecord, story: RunRecord): Owed[] {
  const [mark] = findCanaries(readFirstUserText(request.asked.context))
  if (mark === undefined || (countCallMarks(story).get(mark) ?? 0) > 1) return []
  const key = buildNestedKey(request)
  const own = new Set(
    story.requests.filter(
      (one) => isNested(one, story) && one.at < request.at && buildNestedKey(one) === key,
    ),
  )
  return account.entries.flatMap((entry): Owed[] => {
    const from = readOrigin(entry)
    if (from === undefined || !own.has(from) || entry.fate !== 'whole' || entry.at >= request.at) return []
    if (entry.kind === 'call' && entry.target !== undefined) return []
    return [{ entry, level: 'must', rank: from.at }]
  })
}

/** Returns a key of a call of an agent as a tool: the agent, and the mark of its first user message. */
function buildNestedKey({ asked: { agent, context } }: RequestRecord): string {
  return `${agent} ${findMark(readFirstUserText(context))}`
}
