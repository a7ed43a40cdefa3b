import { type JsonObject, toShortJson } from '../../mocks/json.ts'
import { parseConversation } from '../contract/events.ts'
import { findHandoffTarget, listActivations } from '../history/activations.ts'
import { findMark, indexMarks, type Marks, readItemText, readRole } from '../history/items.ts'
import {
  groupByRun,
  isAnsweredWhole,
  isNested,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import type { Invariant, Violation } from './types.ts'

export const noContextLoss: Invariant = {
  id: 'no-context-loss',
  level: 'must',
  statement:
    'Each request contains, in order, the user messages of all completed turns and of the current turn. It also contains the answers and tool results of its own agent since that agent took over.',
  source:
    'https://github.com/microsoft/agent-framework/issues/4053 (its second bug: agents receive empty or partial history)',
  since: '0.1.0',
  needs: [],
  check(history) {
    return groupByConversation(groupByRun(history).runs).flatMap((runs) => {
      const owed: RequiredMessage[] = []
      const twice = findRepeatedMarks(runs)
      return runs.flatMap((story) => {
        const mark = findMark(story.started.input)
        const own = mark === undefined || twice.has(mark) ? [] : [{ mark, text: story.started.input }]
        const found = [...findLostMessages(story, [...owed, ...own]), ...findLostOwnItems(story)]
        if (readRunStatus(story) === 'completed') owed.push(...own)
        return found
      })
    })
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.reduce((sum, story) => sum + story.requests.filter(isResolved).length, 0),
}

/** A user message that a request must contain, with the mark that identifies the message. */
interface RequiredMessage {
  mark: string
  text: string
}

/** Groups runs by conversation, in order. */
function groupByConversation(runs: readonly RunRecord[]): RunRecord[][] {
  return [...Map.groupBy(runs, ({ conversation }) => conversation).values()]
}

/** Returns the marks of user messages that occur twice in a conversation. Their presence proves nothing. */
function findRepeatedMarks(runs: readonly RunRecord[]): ReadonlySet<string | undefined> {
  const said = Map.groupBy(runs, ({ started }) => findMark(started.input))
  return new Set([...said].filter(([, { length }]) => length > 1).map(([mark]) => mark))
}

/** Returns whether the service knows what the model sees. A refusal may come before the service resolves the context. */
function isResolved({ refused }: RequestRecord): boolean {
  return refused === undefined
}

function findLostMessages(story: RunRecord, owed: readonly RequiredMessage[]): Violation[] {
  return listOuterRequests(story)
    .filter(isResolved)
    .flatMap(({ at, asked }) => {
      // After a handoff, a runtime may pass on the conversation in messages of any role.
      const marks = indexMarks(asked.context.filter((item) => readRole(item) !== undefined).map(readItemText))
      let last = -1
      return owed.flatMap(({ mark, text }) => {
        const place = marks.placeOf(mark)
        const late = place < last
        last = Math.max(last, place)
        if (place < 0)
          return [
            buildViolation(
              at,
              asked.request,
              `lacks the user message ${toShortJson(text)}`,
              'user message lost',
            ),
          ]
        if (!late) return []
        const message = `has the user message ${toShortJson(text)} out of order`
        return [buildViolation(at, asked.request, message, 'user messages reordered')]
      })
    })
}

/** The answers and calls that one agent has received in one activation. */
interface Gathered {
  answers: string[]
  calls: JsonObject[]
}

/**
 * Returns a violation for each answer or tool result that an agent received earlier in this activation and that a
 * later request of the agent lacks.
 */
function findLostOwnItems(story: RunRecord): Violation[] {
  const stretches = [...listActivations(story).map(({ requests }) => requests), ...groupNestedRequests(story)]
  return stretches.flatMap((requests) => findLostItems(story, requests))
}

/**
 * Returns what each request lacks of the answers and results of the requests before it. With `retold`, an agent may learn the
 * work of another agent in words, so only texts are checked.
 */
function findLostItems(
  story: RunRecord,
  requests: readonly RequestRecord[],
  told: 'itself' | 'retold' = 'itself',
): Violation[] {
  const gathered: Gathered = { answers: [], calls: [] }
  return requests.flatMap((request) => {
    const found = isResolved(request) ? findLacking(request, gathered, story, told) : []
    if (isAnsweredWhole(request)) collectAnswers(request, gathered)
    return found
  })
}

/** Groups the requests of agents that run as tools. The first user message identifies each such call. */
function groupNestedRequests(story: RunRecord): RequestRecord[][] {
  const nested = story.requests.filter((request) => isNested(request, story))
  return [
    ...Map.groupBy(nested, ({ asked: { agent, context } }) => {
      const asked = context.find((item) => readRole(item) === 'user')
      return `${agent} ${findMark(asked === undefined ? '' : readItemText(asked))}`
    }).values(),
  ]
}

function collectAnswers(request: RequestRecord, gathered: Gathered): void {
  for (const item of request.ended?.event.response?.output ?? []) {
    // Runtimes may drop handoff calls. Their effect is visible in the next request.
    if (item['type'] === 'function_call' && findHandoffTarget(request, item) === undefined)
      gathered.calls.push(item)
    if (readRole(item) === 'assistant' && !JSON.stringify(item['content'] ?? '').includes('"refusal"'))
      gathered.answers.push(readItemText(item))
  }
}

function findLacking(
  { at, asked }: RequestRecord,
  { answers, calls }: Gathered,
  story: RunRecord,
  told: 'itself' | 'retold',
): Violation[] {
  if (answers.length === 0 && calls.length === 0) return []
  const outputs = asked.context.filter((item) => item['type'] === 'function_call_output')
  const answered = new Set(outputs.map((item) => item['call_id']))
  const texts = indexMarks(asked.context.map(readItemText))
  const lostCalls = told === 'retold' ? [] : calls.filter((call) => !answered.has(call['call_id'] ?? null))
  return [
    ...findMissingTexts(answers, texts).map((text) => ({
      what: `lacks the answer ${toShortJson(text)} of its own run`,
      cause: 'own answer lost',
    })),
    ...lostCalls.map((call) => ({
      what: `lacks the result of ${call['name']} (${call['call_id']})`,
      cause: 'output of a call lost',
    })),
    ...findMissingTexts(listTextResults(calls, story, at), texts).map((text) => ({
      what: `lacks the tool result ${toShortJson(text)} of its own run`,
      cause: 'text of a tool result lost',
    })),
  ].map(({ what, cause }) => buildViolation(at, asked.request, what, cause))
}

function findMissingTexts(texts: readonly string[], marks: Marks): string[] {
  return texts.filter((text) => {
    const mark = findMark(text)
    return mark !== undefined && marks.placeOf(mark) < 0
  })
}

/** Returns the text results of calls that ended before the event `before`. Other results have no single text form. */
function listTextResults(calls: readonly JsonObject[], { toolEnds }: RunRecord, before: number): string[] {
  const ids = new Set(calls.map((call) => call['call_id']))
  return toolEnds.flatMap(({ at, event }) =>
    at < before && event.call !== undefined && ids.has(event.call) && typeof event.result === 'string'
      ? [event.result]
      : [],
  )
}

function buildViolation(at: number, request: number, message: string, cause: string): Violation {
  return { at, message: `request ${request} ${message}`, cause }
}

export const handoffKeepsContext: Invariant = {
  id: 'handoff-keeps-context',
  // A runtime may filter what an agent sees of the work of another agent.
  level: 'should',
  statement:
    'After a handoff, the new agent sees the answers and tool results of the agents before it in the same run, also when it takes over for the second time.',
  source:
    'https://github.com/microsoft/agent-framework/issues/4053 (each agent should see the complete conversation history, regardless of how many handoffs have occurred)',
  since: '0.1.0',
  needs: ['handoff'],
  check: (history) =>
    groupByRun(history).runs.flatMap((story) => {
      if (listActivations(story).length < 2) return []
      const lostBySelf = new Set(findLostOwnItems(story).map(({ message }) => message))
      return findLostItems(story, listOuterRequests(story), 'retold').filter(
        ({ message }) => !lostBySelf.has(message),
      )
    }),
  countWitnesses: (history) =>
    groupByRun(history).runs.reduce((sum, story) => sum + Math.max(0, listActivations(story).length - 1), 0),
}

export const noForeignContext: Invariant = {
  id: 'no-foreign-context',
  level: 'must',
  statement: 'No request contains texts of another conversation.',
  source:
    'https://github.com/veryfront/veryfront-code/issues/2336 (concurrent streams on a shared agent contaminate each other)',
  since: '0.1.0',
  needs: [],
  check(history) {
    const found: Violation[] = []
    history.forEach((event, at) => {
      if (event.kind !== 'request' || event.run === null) return
      const own = parseConversation(event.run)
      const foreign = event.carries.filter((conversation) => conversation !== own)
      if (foreign.length === 0) return
      const whose =
        foreign.length === 1 ? `conversation ${foreign[0]}` : `conversations ${foreign.join(', ')}`
      found.push({
        at,
        message: `request ${event.request} of run ${event.run} contains texts of ${whose}`,
        cause: 'text of another conversation',
      })
    })
    return found
  },
  countWitnesses(history) {
    const begun = new Set<number | undefined>()
    let count = 0
    for (const event of history) {
      if (event.kind === 'run.start') begun.add(parseConversation(event.run))
      else if (event.kind === 'request' && event.run !== null && begun.size > 1) count++
    }
    return count
  },
}
