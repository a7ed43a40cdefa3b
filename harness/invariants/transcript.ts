import { toDifferingJson } from '../../mocks/differing-texts.ts'
import { BETWEEN } from '../account/forms.ts'
import { findMark, indexMarks, readItemText, readRole } from '../history/items.ts'
import {
  groupByRun,
  isAnsweredWhole,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import { findCanaries } from '../plan/canary.ts'
import type { Invariant, Violation } from './types.ts'

export const transcriptComplete: Invariant = {
  id: 'transcript-complete',
  level: 'must',
  statement:
    'The transcript of a completed run contains each message of the run once, in order and under its author, and no other text of the conversation. Each author is the user or an agent of the team. It may start with the messages of earlier completed runs, and several messages of one answer may appear as one.',
  source:
    'https://github.com/microsoft/agent-framework/issues/4053 (each agent should see the complete conversation; the final transcript prints each message under its author)',
  since: '0.1.0',
  needs: ['handoff'],
  check(history, plan) {
    const { runs } = groupByRun(history)
    const agents = runs.flatMap(({ requests }) => requests.flatMap(({ asked }) => asked.agent ?? []))
    const authors = new Set(['user', ...plan.team.map(({ name }) => name), ...agents])
    return [...Map.groupBy(runs, ({ conversation }) => conversation).values()].flatMap((ofOne) => {
      const completed = ofOne.filter(
        (story) => readRunStatus(story) === 'completed' && story.stopped === undefined,
      )
      return completed.flatMap((story, place) => {
        if (story.ended?.outcome.transcript === undefined) return []
        const stranger = findStranger(story, authors)
        if (stranger !== undefined) return [stranger]
        const optional = listCanaries(ofOne.filter((one) => one.at < story.at && !completed.includes(one)))
        const told = (telling: JoinMessages) => {
          const before = completed.slice(0, place).flatMap((one) => listRunMessages(one, telling))
          return findTranscriptDifference(story, before, listRunMessages(story, telling), optional)
        }
        const apart = told((messages) => messages)
        return apart.length === 0 || WAYS_TO_JOIN.some((telling) => told(telling).length === 0) ? [] : apart
      })
    })
  },
  countWitnesses: (history) =>
    groupByRun(history).runs.filter(
      (story) =>
        readRunStatus(story) === 'completed' &&
        story.stopped === undefined &&
        story.ended?.outcome.transcript !== undefined,
    ).length,
}

/** Returns a violation if a message of a transcript has an author who is neither the user nor an agent of the team. */
function findStranger({ run, ended }: RunRecord, authors: ReadonlySet<string>): Violation | undefined {
  const place = (ended?.outcome.transcript ?? []).findIndex(({ author }) => !authors.has(author))
  const message = ended?.outcome.transcript?.[place]
  if (ended === undefined || message === undefined) return undefined
  const told = `message ${place + 1} of the transcript of run ${run} has the author ${JSON.stringify(message.author)}`
  return {
    at: ended.at,
    message: `${told}, expected the user or an agent of the team`,
    cause: 'unknown author',
  }
}

type JoinMessages = (ofOneAnswer: readonly Message[]) => readonly Message[]

/** Ways to join the messages of one answer. */
const WAYS_TO_JOIN = BETWEEN.map(
  (between): JoinMessages =>
    (messages) => {
      const [first] = messages
      return first === undefined ? [] : [{ ...first, text: messages.map(({ text }) => text).join(between) }]
    },
)

function listRunMessages(story: RunRecord, telling: JoinMessages): Message[] {
  const answers = listOuterRequests(story).filter(isAnsweredWhole)
  return [
    { author: 'user', text: story.started.input },
    ...answers.flatMap((answer) => telling(listMessages(answer))),
  ]
}

/** Returns the canaries of what the user said and the model answered in some runs. */
function listCanaries(runs: readonly RunRecord[]): ReadonlySet<string> {
  const texts = runs.flatMap(({ started, requests }) => [
    started.input,
    ...requests.flatMap(({ ended }) => (ended?.event.response?.output ?? []).map(readItemText)),
  ])
  return new Set(texts.flatMap(findCanaries))
}

/**
 * Returns the first difference between a transcript and the messages. Messages with the canaries `optional`, of earlier runs that
 * did not complete, may be left out.
 */
function findTranscriptDifference(
  { run, ended }: RunRecord,
  before: readonly Message[],
  own: readonly Message[],
  optional: ReadonlySet<string>,
): Violation[] {
  const transcript = ended?.outcome.transcript
  if (ended === undefined || transcript === undefined) return []
  const marks = indexMarks([...before, ...own].map(({ text }) => text))
  // A message that holds no text of the plan is the runtime's own.
  const told = transcript.filter(({ text }) => {
    const mark = findMark(text)
    const canaries = findCanaries(text)
    if (canaries.length > 0) return !canaries.every((canary) => optional.has(canary))
    return mark !== undefined && marks.placeOf(mark) >= 0
  })
  const marked = (messages: readonly Message[]) => messages.filter(({ text }) => findMark(text) !== undefined)
  const whole = marked([...before, ...own])
  const possible = [marked(own), whole]
  if (possible.some((messages) => findFirstDifference(told, messages) === undefined)) return []
  const expected = told.length <= marked(own).length ? marked(own) : whole
  const place = findFirstDifference(told, expected) ?? 0
  const [found, wanted] = formatMessages(told[place], expected[place])
  const message = `message ${place + 1} of the transcript of run ${run} is ${found}, expected ${wanted}`
  return [{ at: ended.at, message, cause: nameDifference(told[place], expected[place]) }]
}

/** Returns the index of the first difference between two lists of messages, or undefined. */
function findFirstDifference(one: readonly Message[], other: readonly Message[]): number | undefined {
  for (let place = 0; place < Math.max(one.length, other.length); place++)
    if (one[place]?.author !== other[place]?.author || one[place]?.text !== other[place]?.text) return place
  return undefined
}

function nameDifference(told: Message | undefined, expected: Message | undefined): string {
  if (told === undefined) return 'message lost'
  if (expected === undefined) return 'message too many'
  return told.text === expected.text ? 'author differs' : 'text differs'
}

function formatMessages(one: Message | undefined, other: Message | undefined): [string, string] {
  const [text, otherText] = toDifferingJson(one?.text, other?.text)
  const format = (message: Message | undefined, shown: string) =>
    message === undefined ? 'missing' : `${message.author}: ${shown}`
  return [format(one, text), format(other, otherText)]
}

export interface Message {
  author: string
  text: string
}

/** Returns the messages of an answer, in order, each with the agent as its author. */
export function listMessages({ asked, ended }: RequestRecord): Message[] {
  return (ended?.event.response?.output ?? [])
    .filter((item) => readRole(item) === 'assistant')
    .map((item) => ({ author: asked.agent ?? '', text: readItemText(item) }))
    .filter(({ text }) => text !== '')
}
