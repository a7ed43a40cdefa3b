import type { Json, JsonObject } from '../../mocks/json.ts'
import { listObjects } from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { findHandoffTarget, listCalls } from '../history/activations.ts'
import { findMark, indexMarks, readFirstUserText, readRole } from '../history/items.ts'
import { memoize } from '../history/projection.ts'
import {
  findToolEnd,
  groupByRun,
  hasBrokenStream,
  isAnsweredWhole,
  isNested,
  type RequestRecord,
  type RunRecord,
} from '../history/runs.ts'

/**
 * What became of an answer. `whole`: all of it arrived. `partial`: the model stopped early. `void`: the answer failed, was cut
 * off or was never sent, so nothing of it counts.
 */
export type Fate = 'whole' | 'partial' | 'void'

interface Owned {
  /** The run that the entry belongs to. */
  story: RunRecord
  /** The index of the history event from which on the entry exists. */
  at: number
  fate: Fate
}

/** What the user said at the start of a run. */
export interface UserMessage extends Owned {
  kind: 'user message'
  text: string
}

interface FromModel extends Owned {
  request: RequestRecord
  /** The agent that received the answer. */
  agent: string | undefined
  /** Set if the agent was called as a tool of another agent. */
  nested: boolean
}

/** All text of one answer of the model. */
export interface AnswerText extends FromModel {
  kind: 'answer'
  messages: readonly AnswerMessage[]
}

/** The parts of one message of an answer, in order. */
export type AnswerMessage = readonly { text: string; refusal: boolean }[]

/** A call of a tool. A handoff is a call with a `target`: the agent that takes over. */
export interface Call extends FromModel {
  kind: 'call'
  id: string
  name: string
  /** The arguments as the model wrote them. */
  args: string
  target?: string
}

/**
 * What a tool gave for a call. Without `result` and `answer`, the tool threw or was stopped, and the runtime words the output.
 */
export interface ToolResult extends Owned {
  kind: 'result'
  call: Call
  result?: Json
  /** The last answer of the agent that was called as a tool. */
  answer?: AnswerText
}

export type Entry = UserMessage | AnswerText | Call | ToolResult

/** All that happened in one conversation, in order. */
export interface ConversationAccount {
  runs: readonly RunRecord[]
  entries: readonly Entry[]
}

/**
 * Returns what each conversation consists of: what users said, what the service answered and what tools gave. Only the
 * events of the user, the service and the tools decide, and never what the runtime says.
 */
export const listConversations = memoize((history: History): readonly ConversationAccount[] => {
  const { runs } = groupByRun(history)
  return [...Map.groupBy(runs, ({ conversation }) => conversation).values()].map((ofOne) => ({
    runs: ofOne,
    entries: ofOne.flatMap(listEntries),
  }))
})

/** Returns the entries of one run: the user message, then each answer with the results of its calls. */
export const listEntries = memoize((story: RunRecord): readonly Entry[] => {
  const said: UserMessage = {
    kind: 'user message',
    story,
    at: story.at,
    fate: 'whole',
    text: story.started.input,
  }
  return [said, ...story.requests.flatMap((request) => listAnswerEntries(story, request))]
})

/** Returns what became of the answer to a request. */
export function readFate(request: RequestRecord): Fate {
  if (isAnsweredWhole(request)) return 'whole'
  return request.ended?.event.how === 'incomplete' && !hasBrokenStream(request) ? 'partial' : 'void'
}

function listAnswerEntries(story: RunRecord, request: RequestRecord): Entry[] {
  const { ended } = request
  const output = ended?.event.response?.output ?? []
  if (ended === undefined || output.length === 0) return []
  const owner = {
    story,
    at: ended.at,
    fate: readFate(request),
    request,
    agent: request.asked.agent,
    nested: isNested(request, story),
  }
  const messages = output.filter((item) => readRole(item) === 'assistant').map(readMessage)
  const calls = output.filter(({ type }) => type === 'function_call').map((item) => readCall(item, owner))
  const results = calls.flatMap((call) => findResult(call) ?? [])
  const hasText = messages.flat().some(({ text }) => text !== '')
  const answer: AnswerText[] = hasText ? [{ kind: 'answer', ...owner, messages }] : []
  return [...answer, ...calls, ...results]
}

function readMessage(item: JsonObject): AnswerMessage {
  return listObjects(item['content'])
    .map(({ text, refusal }) => ({ text: text ?? refusal, refusal: typeof text !== 'string' }))
    .filter((part): part is AnswerMessage[number] => typeof part.text === 'string')
}

function readCall(item: JsonObject, owner: FromModel): Call {
  const target = findHandoffTarget(owner.request, item)
  return {
    kind: 'call',
    ...owner,
    ...(item['status'] === 'incomplete' ? { fate: 'void' } : {}),
    id: String(item['call_id']),
    name: String(item['name']),
    args: String(item['arguments'] ?? ''),
    ...(target === undefined ? {} : { target }),
  }
}

/**
 * Returns what the tool gave for a call. Returns undefined if the tool did not end, if its end names no call, or if an agent was
 * called as a tool and its last answer is unknown.
 */
function findResult(call: Call): ToolResult | undefined {
  const end = findToolEnd(call.story, call.id)
  if (end === undefined) return findNestedResult(call)
  const { result } = end.event
  return {
    kind: 'result',
    story: call.story,
    at: end.at,
    fate: call.fate,
    call,
    ...(result === undefined ? {} : { result }),
  }
}

/** Counts the calls of a run by the marks of their arguments. */
export const countCallMarks = memoize((story: RunRecord): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { arguments: args } of story.requests.flatMap(listCalls)) {
    const mark = findMark(String(args ?? ''))
    if (mark !== undefined) counts.set(mark, (counts.get(mark) ?? 0) + 1)
  }
  return counts
})

/** Returns the result of a call that ran an agent as a tool: the last answer of that agent. */
function findNestedResult(call: Call): ToolResult | undefined {
  const { story } = call
  const mark = findMark(call.args)
  // Equal calls cannot be told apart.
  if (mark === undefined || countCallMarks(story).get(mark) !== 1) return undefined
  const last = story.requests.findLast(
    (request) =>
      request.at > call.at &&
      isNested(request, story) &&
      indexMarks([readFirstUserText(request.asked.context)]).placeOf(mark) >= 0,
  )
  if (last === undefined || listCalls(last).length > 0 || hasThrowingHook(last, story)) return undefined
  const answer = listAnswerEntries(story, last).find((entry) => entry.kind === 'answer')
  // No rule says what becomes of an agent's refusal.
  if (answer?.fate !== 'whole' || answer.messages.flat().some(({ refusal }) => refusal)) return undefined
  return { kind: 'result', story, at: answer.at, fate: call.fate, call, answer }
}

/** Returns whether a hook of the agent that sent a request threw after it. Then the answer is not what the agent gave. */
function hasThrowingHook({ at, asked }: RequestRecord, { hooks }: RunRecord): boolean {
  return hooks.some(({ at: called, event }) => {
    return called > at && event.threw && (event.agent === undefined || event.agent === asked.agent)
  })
}
