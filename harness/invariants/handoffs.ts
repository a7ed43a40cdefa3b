import { toDifferingJson } from '../../mocks/differing-texts.ts'
import { BETWEEN } from '../account/forms.ts'
import {
  type AgentTurn,
  listActivations,
  listAgentTurns,
  listHandoffTargets,
} from '../history/activations.ts'
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

const MAF_4053 = 'https://github.com/microsoft/agent-framework/issues/4053'

export const handoffReachesItsTarget: Invariant = {
  id: 'handoff-reaches-its-target',
  level: 'must',
  statement:
    'After an answer that hands off, the next request comes from a target of the handoff, unless the run fails, is stopped, or meets the end condition of its flow. The agent changes only by a handoff, and the runtime reports each handoff.',
  source: `${MAF_4053}; https://openai.github.io/openai-agents-js/guides/handoffs/ (a handoff transfers the conversation to the other agent)`,
  since: '0.1.0',
  needs: ['handoff'],
  check(history) {
    const { runs } = groupByRun(history)
    return runs.flatMap((story) => [
      ...findWrongOrUnreportedHandoffs(story),
      ...findUnansweredHandoff(story, runs),
      ...findFalseReports(story),
    ])
  },
  countWitnesses: (history) =>
    groupByRun(history)
      .runs.flatMap(listOuterRequests)
      .filter((request) => listHandoffTargets(request).length > 0).length,
}

/** Returns requests of agents that the conversation was not handed to. */
function findWrongOrUnreportedHandoffs(story: RunRecord): Violation[] {
  const requests = listOuterRequests(story)
  return requests.slice(1).flatMap(({ at, asked }, before) => {
    const last = requests[before]
    if (last === undefined) return []
    const targets = listHandoffTargets(last)
    const { agent = 'an unknown agent', request } = asked
    const own = targets.length === 0 && agent === last.asked.agent
    if (own || asked.attempt > 0) return []
    if (targets.length === 0)
      return [
        {
          at,
          message: `request ${request} comes from ${agent}, but nobody handed off to ${agent}`,
          cause: 'another agent without a handoff',
        },
      ]
    if (!targets.includes(agent))
      return [
        {
          at,
          message: `request ${request} comes from ${agent}, expected ${targets.join(' or ')} after the handoff`,
          cause: 'another agent than the target',
        },
      ]
    const told = story.handoffs.some((handoff) => handoff.event.to === agent && handoff.at < at)
    return told
      ? []
      : [{ at, message: `the runtime did not report the handoff to ${agent}`, cause: 'handoff not reported' }]
  })
}

/** Returns a violation if a completed run ended with a handoff, although no end condition was met. */
function findUnansweredHandoff(story: RunRecord, runs: readonly RunRecord[]): Violation[] {
  const { ended, stopped, run, started } = story
  const last = listOuterRequests(story).at(-1)
  if (last === undefined || ended === undefined || stopped !== undefined) return []
  const targets = listHandoffTargets(last)
  if (readRunStatus(story) !== 'completed' || targets.length === 0) return []
  const { endAfter } = started.flow ?? {}
  if (endAfter !== undefined && countMessages(runs, story, endAfter.agent) >= endAfter.messages) return []
  const message = `run ${run} completed, but ${targets.join(' or ')} sent no request after the handoff`
  return [{ at: ended.at, message, cause: 'no request of the target' }]
}

/** Returns reported handoffs that no answer contains. */
function findFalseReports(story: RunRecord): Violation[] {
  const requests = listOuterRequests(story)
  return story.handoffs.flatMap(({ at, event: { from, to } }) => {
    const last = requests.findLast((request) => request.at < at)
    if (last !== undefined && last.asked.agent === from && listHandoffTargets(last).includes(to)) return []
    const message = `the runtime reported a handoff from ${from} to ${to}, but ${from} made none`
    return [{ at, message, cause: 'report without a handoff' }]
  })
}

/** Counts the messages of an agent in a run and in the earlier runs of its conversation, including incomplete ones. */
function countMessages(runs: readonly RunRecord[], { conversation, at }: RunRecord, agent: string): number {
  return runs
    .filter((run) => run.conversation === conversation && run.at <= at)
    .flatMap(listOuterRequests)
    .filter(({ asked }) => asked.agent === agent)
    .reduce((sum, request) => sum + listMessages(request).length, 0)
}

/** Returns the messages of complete answers, in order. */
function listCompleteMessages(requests: readonly RequestRecord[]): Message[] {
  return requests.filter(isAnsweredWhole).flatMap(listMessages)
}

function listMessages({ asked, ended }: RequestRecord): Message[] {
  return (ended?.event.response?.output ?? [])
    .filter((item) => readRole(item) === 'assistant')
    .map((item) => ({ author: asked.agent ?? '', text: readItemText(item) }))
    .filter(({ text }) => text !== '')
}

export const handoffsEnd: Invariant = {
  id: 'handoffs-end',
  level: 'must',
  statement:
    'No agent takes more turns in one activation than its limit, and no turn follows when the end condition of the workflow is met.',
  source: `${MAF_4053} (with_autonomous_mode(turn_limits), termination_condition)`,
  since: '0.1.0',
  needs: ['flow'],
  check: (history) =>
    groupByRun(history).runs.flatMap((story) => [...findTurnsOverLimit(story), ...findTurnAfterEnd(story)]),
  countWitnesses: (history) => groupByRun(history).runs.reduce((sum, story) => sum + countEnds(story), 0),
}

/** Counts where a flow has to end something: an agent that has reached its limit, and an end condition that was met. */
function countEnds(story: RunRecord): number {
  const { turnLimits = {}, endAfter } = story.started.flow ?? {}
  const atLimit = listActivations(story).filter(
    ({ agent = '', turns }) => turns.length >= (turnLimits[agent] ?? Number.POSITIVE_INFINITY),
  )
  return atLimit.length + (endAfter !== undefined && findEndingTurn(story, endAfter).last >= 0 ? 1 : 0)
}

function findTurnsOverLimit(story: RunRecord): Violation[] {
  const limits = story.started.flow?.turnLimits ?? {}
  return listActivations(story).flatMap(({ agent = '', turns }) => {
    const limit = limits[agent] ?? Number.POSITIVE_INFINITY
    const first = turns[limit]?.requests[0]
    if (first === undefined) return []
    const message = `request ${first.asked.request} begins turn ${limit + 1} of ${agent} in one activation, expected at most ${limit}`
    return [{ at: first.at, message, cause: 'more turns than the limit' }]
  })
}

/** Returns the first turn after the end condition was met. Only messages of this run count. */
function findTurnAfterEnd(story: RunRecord): Violation[] {
  const { endAfter } = story.started.flow ?? {}
  if (endAfter === undefined) return []
  const { last, said } = findEndingTurn(story, endAfter)
  const next: AgentTurn | undefined = last < 0 ? undefined : listAgentTurns(story)[last + 1]
  const [first] = next?.requests ?? []
  if (first === undefined) return []
  const message = `request ${first.asked.request} of ${first.asked.agent} was sent after ${endAfter.agent} had said ${said === 1 ? '1 message' : `${said} messages`}, expected the workflow to end there`
  return [{ at: first.at, message, cause: 'turn after the end condition' }]
}

/** Returns the index of the turn that meets the end condition, or -1, and how many messages the agent had said by then. */
function findEndingTurn(
  story: RunRecord,
  endAfter: { agent: string; messages: number },
): { last: number; said: number } {
  let said = 0
  const last = listAgentTurns(story).findIndex(({ agent, requests }) => {
    if (agent === endAfter.agent) said += listCompleteMessages(requests).length
    return said >= endAfter.messages
  })
  return { last, said }
}

export const transcriptComplete: Invariant = {
  id: 'transcript-complete',
  level: 'must',
  statement:
    'The transcript of a completed run contains each message of the run once, in order and under its author, and no other text of the conversation. It may start with the messages of earlier completed runs, and several messages of one answer may appear as one.',
  source: `${MAF_4053} (each agent should see the complete conversation; the final transcript prints each message under its author)`,
  since: '0.1.0',
  needs: ['handoff'],
  check(history) {
    const { runs } = groupByRun(history)
    return [...Map.groupBy(runs, ({ conversation }) => conversation).values()].flatMap((ofOne) => {
      const completed = ofOne.filter(
        (story) => readRunStatus(story) === 'completed' && story.stopped === undefined,
      )
      return completed.flatMap((story, place) => {
        if (story.ended?.outcome.transcript === undefined) return []
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

interface Message {
  author: string
  text: string
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
