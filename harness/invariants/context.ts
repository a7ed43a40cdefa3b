import { type JsonObject, shown } from '../../mocks/json.ts'
import { conversationOfRun } from '../contract/events.ts'
import { activationsOf, handoffOf } from '../history/activations.ts'
import { itemText, type Marks, markOf, marksIn, roleOf } from '../history/items.ts'
import {
  answeredWhole,
  isNested,
  outermostRequests,
  type RequestStory,
  type RunStory,
  statusOf,
  storiesOf,
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
    return groupByConversation(storiesOf(history).runs).flatMap((runs) => {
      const owed: RequiredMessage[] = []
      const twice = findRepeatedMarks(runs)
      return runs.flatMap((story) => {
        const mark = markOf(story.started.input)
        const own = mark === undefined || twice.has(mark) ? [] : [{ mark, text: story.started.input }]
        const found = [...findLostMessages(story, [...owed, ...own]), ...findLostOwnItems(story)]
        if (statusOf(story) === 'completed') owed.push(...own)
        return found
      })
    })
  },
}

/** A user message that a request must contain, with the mark that identifies the message. */
interface RequiredMessage {
  mark: string
  text: string
}

/** Groups runs by conversation, in order. */
function groupByConversation(runs: readonly RunStory[]): RunStory[][] {
  return [...Map.groupBy(runs, ({ conversation }) => conversation).values()]
}

/** Returns the marks of user messages that occur twice in a conversation. Their presence proves nothing. */
function findRepeatedMarks(runs: readonly RunStory[]): ReadonlySet<string | undefined> {
  const said = Map.groupBy(runs, ({ started }) => markOf(started.input))
  return new Set([...said].filter(([, { length }]) => length > 1).map(([mark]) => mark))
}

/** Returns whether the service knows what the model sees. A refusal may come before the service resolves the context. */
function isResolved({ refused }: RequestStory): boolean {
  return refused === undefined
}

function findLostMessages(story: RunStory, owed: readonly RequiredMessage[]): Violation[] {
  return outermostRequests(story)
    .filter(isResolved)
    .flatMap(({ at, asked }) => {
      // After a handoff, a runtime may pass on the conversation in messages of any role.
      const marks = marksIn(asked.context.filter((item) => roleOf(item) !== undefined).map(itemText))
      let last = -1
      return owed.flatMap(({ mark, text }) => {
        const place = marks.placeOf(mark)
        const late = place < last
        last = Math.max(last, place)
        if (place < 0) return [buildViolation(at, asked.request, `lacks the user message ${shown(text)}`)]
        return late
          ? [buildViolation(at, asked.request, `has the user message ${shown(text)} out of order`)]
          : []
      })
    })
}

/** The answers and calls that one agent has received in one activation. */
interface Gathered {
  answers: string[]
  calls: JsonObject[]
}

/** Returns what a request lacks of the answers and results that its own agent received in this activation. */
function findLostOwnItems(story: RunStory): Violation[] {
  const stretches = [...activationsOf(story).map(({ requests }) => requests), ...groupNestedRequests(story)]
  return stretches.flatMap((requests) => findLostItems(story, requests))
}

/**
 * Returns what each request lacks of the answers and results of the requests before it. With `retold`, an agent may learn the
 * work of another agent in words, so only texts are checked.
 */
function findLostItems(
  story: RunStory,
  requests: readonly RequestStory[],
  told: 'itself' | 'retold' = 'itself',
): Violation[] {
  const gathered: Gathered = { answers: [], calls: [] }
  return requests.flatMap((request) => {
    const found = isResolved(request) ? findLacking(request, gathered, story, told) : []
    if (answeredWhole(request)) collectAnswers(request, gathered)
    return found
  })
}

/** Groups the requests of agents that run as tools. The first user message identifies each such call. */
function groupNestedRequests(story: RunStory): RequestStory[][] {
  const nested = story.requests.filter((request) => isNested(request, story))
  return [
    ...Map.groupBy(nested, ({ asked: { agent, context } }) => {
      const asked = context.find((item) => roleOf(item) === 'user')
      return `${agent} ${markOf(asked === undefined ? '' : itemText(asked))}`
    }).values(),
  ]
}

function collectAnswers(request: RequestStory, gathered: Gathered): void {
  for (const item of request.ended?.event.response?.output ?? []) {
    // Runtimes may drop handoff calls. Their effect is visible in the next request.
    if (item['type'] === 'function_call' && handoffOf(request, item) === undefined) gathered.calls.push(item)
    if (roleOf(item) === 'assistant' && !JSON.stringify(item['content'] ?? '').includes('"refusal"'))
      gathered.answers.push(itemText(item))
  }
}

function findLacking(
  { at, asked }: RequestStory,
  { answers, calls }: Gathered,
  story: RunStory,
  told: 'itself' | 'retold',
): Violation[] {
  if (answers.length === 0 && calls.length === 0) return []
  const outputs = asked.context.filter((item) => item['type'] === 'function_call_output')
  const answered = new Set(outputs.map((item) => item['call_id']))
  const texts = marksIn(asked.context.map(itemText))
  const lostCalls = told === 'retold' ? [] : calls.filter((call) => !answered.has(call['call_id'] ?? null))
  return [
    ...findMissingTexts(answers, texts).map((text) => `lacks the answer ${shown(text)} of its own run`),
    ...lostCalls.map((call) => `lacks the result of ${call['name']} (${call['call_id']})`),
    ...findMissingTexts(listTextResults(calls, story, at), texts).map(
      (text) => `lacks the tool result ${shown(text)} of its own run`,
    ),
  ].map((message) => buildViolation(at, asked.request, message))
}

function findMissingTexts(texts: readonly string[], marks: Marks): string[] {
  return texts.filter((text) => {
    const mark = markOf(text)
    return mark !== undefined && marks.placeOf(mark) < 0
  })
}

/** Returns the text results of calls that ended before the event `before`. Other results have no single text form. */
function listTextResults(calls: readonly JsonObject[], { toolEnds }: RunStory, before: number): string[] {
  const ids = new Set(calls.map((call) => call['call_id']))
  return toolEnds.flatMap(({ at, event }) =>
    at < before && event.call !== undefined && ids.has(event.call) && typeof event.result === 'string'
      ? [event.result]
      : [],
  )
}

function buildViolation(at: number, request: number, message: string): Violation {
  return { at, message: `request ${request} ${message}` }
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
    storiesOf(history).runs.flatMap((story) => {
      if (activationsOf(story).length < 2) return []
      const lostBySelf = new Set(findLostOwnItems(story).map(({ message }) => message))
      return findLostItems(story, outermostRequests(story), 'retold').filter(
        ({ message }) => !lostBySelf.has(message),
      )
    }),
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
      const own = conversationOfRun(event.run)
      const foreign = event.carries.filter((conversation) => conversation !== own)
      if (foreign.length === 0) return
      const whose =
        foreign.length === 1 ? `conversation ${foreign[0]}` : `conversations ${foreign.join(', ')}`
      found.push({ at, message: `request ${event.request} of run ${event.run} contains texts of ${whose}` })
    })
    return found
  },
}
