import { toDifferingJson } from '../../mocks/differing-texts.ts'
import { isObject, type JsonObject, listObjects, toShortJson } from '../../mocks/json.ts'
import { readFate } from '../account/entries.ts'
import { BETWEEN } from '../account/forms.ts'
import { hasHandoff } from '../history/activations.ts'
import { readRole } from '../history/items.ts'
import {
  groupByRun,
  hasSucceeded,
  isNested,
  listNestedAgents,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
} from '../history/runs.ts'
import { findTextDeliveredAgain } from './repeated-text.ts'
import type { Invariant, Violation } from './types.ts'

export const deliveryIsFaithful: Invariant = {
  id: 'delivery-is-faithful',
  level: 'must',
  statement:
    'A streamed run delivers the text of the model from its start, without a gap. If the run completes or ends incomplete, it delivers the whole text. After a retry it delivers nothing twice, and no item twice. The outcome of such a run has the text of the last answer and names the agent that gave it. If the outcome reports tokens, it counts the tokens of all answers.',
  source:
    'https://github.com/HKUDS/nanobot/issues/4038 (a retry delivers what was delivered before); https://github.com/google-antigravity/antigravity-sdk-python/issues/67 (overlapping runs get garbled or lost text)',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    groupByRun(history).runs.flatMap((story) => [
      ...findWrongDelivery(story),
      ...findRepeatedItems(story),
      ...findWrongText(story),
      ...findWrongAgent(story),
      ...findWrongUsage(story),
    ]),
  countWitnesses: (history) =>
    groupByRun(history).runs.filter(
      (story) => story.requests.length > 0 && (isConsumedAsStream(story) || hasSucceeded(story)),
    ).length,
}

/** Returns whether a consumer read the stream of a run. A consumer that awaits only the outcome never pulls. */
export function isConsumedAsStream({ started, updates, pulls }: RunRecord): boolean {
  return started.stream && updates.length + pulls.length > 0
}

/** Returns where the delivered text of a streamed run differs from what the model said. */
function findWrongDelivery(story: RunRecord): Violation[] {
  const { run, updates, ended, at } = story
  const status = ended?.outcome.status
  if (!isConsumedAsStream(story)) return []
  const texts = updates.flatMap(({ event }) => (event.update.kind === 'text' ? [event.update.text] : []))
  const delivered = texts.join('')
  const whole = hasSucceeded(story) && story.stopped === undefined
  const passes = (said: string, told: string) => (whole ? said === told : said.startsWith(told))
  if (generatePossibleTexts(story).some((said) => passes(said, delivered))) return []
  const last = updates.findLast(({ event }) => event.update.kind === 'text')
  const again = findTextDeliveredAgain(story, texts, generatePossibleTexts(story), passes)
  if (again !== undefined)
    return [
      {
        at: ended?.at ?? last?.at ?? at,
        message: `run ${run} delivered ${toShortJson(again)} again after its pieces, expected each text once`,
        cause: 'whole text delivered again',
      },
    ]
  const [said = '', ...others] = generatePossibleTexts(story)
  const missing = [said, ...others].some((way) => way.startsWith(delivered))
  const [shown, all] = toDifferingJson(delivered, said)
  return [
    {
      at: ended?.at ?? last?.at ?? at,
      message: missing
        ? `run ${run} ${status === 'incomplete' ? 'ended incomplete' : status} and delivered ${shown}, expected all that the model said: ${all}`
        : `run ${run} delivered ${describeDifference(delivered, said)}`,
      cause: missing ? 'end of the text not delivered' : 'delivered text differs',
    },
  ]
}

/** Describes the first difference between the delivered text and what the model said. */
function describeDifference(delivered: string, said: string): string {
  let at = 0
  while (at < delivered.length && delivered[at] === said[at]) at++
  const from = Math.max(0, at - 20)
  return `${toShortJson(delivered.slice(from))} from character ${from} on, expected ${toShortJson(said.slice(from))} as the model said`
}

/**
 * Yields each text that a runtime may deliver: with or without refusals, with or without answers of agents that run as tools,
 * and with or without text of abandoned answers.
 */
function* generatePossibleTexts(story: RunRecord): Generator<string> {
  const pieces = listPieces(story)
  for (const nested of [false, true])
    for (const givenUp of [true, false])
      for (const refusals of [true, false])
        yield pieces
          .filter((piece) => nested || !piece.nested)
          .filter(({ answer }) => givenUp || answer.whole)
          .filter(({ refusal }) => refusals || !refusal)
          .map(({ text }) => text)
          .join('')
}

/** An answer that one or more attempts requested. */
interface Answer {
  /** Whether one attempt received all of it, or all that the model said before it stopped early. */
  whole: boolean
  /** The most characters that one attempt received. */
  sent: number
}

interface Piece {
  at: number
  nested: boolean
  answer: Answer
  refusal: boolean
  text: string
}

/** Returns the text pieces of a run in the order of arrival. A further attempt contributes only new text. */
function listPieces(story: RunRecord): Piece[] {
  const answers = new Map<string | undefined, Answer>()
  const attempts = story.requests.map((request) => {
    const { agent, attempt } = request.asked
    const known = attempt === 0 ? undefined : answers.get(agent)
    const answer = known ?? { whole: false, sent: 0 }
    answers.set(agent, answer)
    answer.whole ||= readFate(request) !== 'void'
    return { request, nested: isNested(request, story), answer, sent: 0 }
  })
  const deltas = attempts.flatMap((attempt) =>
    listDeltas(attempt.request).map((delta) => ({ attempt, ...delta })),
  )
  return deltas
    .sort((one, other) => one.at - other.at)
    .map(({ attempt, at, refusal, text }) => {
      const { nested, answer } = attempt
      attempt.sent += text.length
      const news = Math.max(0, attempt.sent - answer.sent)
      answer.sent += news
      return { at, nested, answer, refusal, text: news === 0 ? '' : text.slice(-news) }
    })
}

/** Returns the deltas of a streamed answer, or the texts of another answer. */
function listDeltas(request: RequestRecord): { at: number; refusal: boolean; text: string }[] {
  const { sent, ended } = request
  if (sent.length === 0 && ended !== undefined && readFate(request) !== 'void')
    return (ended.event.response?.output ?? [])
      .filter((item) => readRole(item) === 'assistant')
      .map((message) => ({ at: ended.at, refusal: false, text: listTextsOfMessage(message, true).join('') }))
  return sent.flatMap(({ at, event }) =>
    event.delta === undefined
      ? []
      : [{ at, refusal: event.type === 'response.refusal.delta', text: event.delta }],
  )
}

/** Returns items that a run delivers twice. An item is known by its type and its id. */
function findRepeatedItems({ run, updates }: RunRecord): Violation[] {
  const delivered = new Set<string>()
  return updates.flatMap(({ at, event: { update } }) => {
    if (update.kind !== 'item' || update.id === undefined) return []
    const item = `${update.type} ${update.id}`
    if (delivered.has(item))
      return [{ at, message: `run ${run} delivered the item ${item} twice`, cause: 'item delivered twice' }]
    delivered.add(item)
    return []
  })
}

/** Returns a violation if the outcome has another text than the last answer. */
function findWrongText(story: RunRecord): Violation[] {
  const { run, ended } = story
  const last = listOuterRequests(story).at(-1)
  if (ended === undefined || last === undefined || !hasSucceeded(story) || readFate(last) === 'void')
    return []
  const output = last.ended?.event.response?.output ?? []
  // A run whose last answer has calls may end with them, so its text is not checked.
  if (output.length === 0 || output.some(({ type }) => type === 'function_call')) return []
  const possible = listPossibleTexts(output)
  if (possible.includes(ended.outcome.text)) return []
  const [text = ''] = possible
  const [found, expected] = toDifferingJson(ended.outcome.text, text)
  const message = `the outcome of run ${run} has the text ${found}, expected the last answer ${expected}`
  return [{ at: ended.at, message, cause: 'text of the outcome' }]
}

/** Returns a violation if the outcome names another agent than the one that gave the last answer. */
function findWrongAgent(story: RunRecord): Violation[] {
  const { run, ended } = story
  const answer = listOuterRequests(story).at(-1)
  const last = answer?.asked.agent
  const told = ended?.outcome.agent
  if (ended === undefined || last === undefined || told === undefined || told === last) return []
  // An agent whose answer failed or was cut off gave none.
  if (answer === undefined || readFate(answer) === 'void') return []
  // After a handoff that nobody took over, either agent may be named.
  if (!hasSucceeded(story) || hasHandoff(story)) return []
  return [
    {
      at: ended.at,
      message: `the outcome of run ${run} names the agent ${told}, expected ${last}`,
      cause: 'agent of the outcome',
    },
  ]
}

/**
 * Returns a violation if the outcome reports other tokens than the answers used. Runs with agents as tools are not checked,
 * because no rule says whether those tokens count.
 */
function findWrongUsage(story: RunRecord): Violation[] {
  const { run, ended, requests } = story
  const told = ended?.outcome.usage
  if (ended === undefined || told === undefined) return []
  if (!hasSucceeded(story) || listNestedAgents(story).size > 0) return []
  const used = requests
    .filter((request) => readFate(request) !== 'void')
    .map((request) => request.ended?.event.response?.usage)
  // Without the usage of every answer, the total is unknown.
  if (used.length < requests.filter(({ ended }) => ended?.event.response).length) return []
  const total = { input: 0, output: 0 }
  for (const usage of used) {
    if (usage === undefined) return []
    total.input += usage.input
    total.output += usage.output
  }
  if (total.input === told.input && total.output === told.output) return []
  const message = `the outcome of run ${run} reports ${told.input} + ${told.output} tokens, expected ${total.input} + ${total.output} as its answers used`
  return [{ at: ended.at, message, cause: 'tokens of the outcome' }]
}

/**
 * Returns the texts that may stand for an answer: all messages or the last one, with or without refusals. The parts of a message may
 * be separated as messages are.
 */
function listPossibleTexts(output: readonly JsonObject[]): string[] {
  const messages = output.filter((item) => readRole(item) === 'assistant')
  const ways = [messages, messages.slice(-1)].flatMap((some) =>
    [true, false].flatMap((refusals) => {
      const parts = some.map((message) => listTextsOfMessage(message, refusals))
      return BETWEEN.flatMap((between) =>
        ['', between].map((inside) => parts.map((texts) => texts.join(inside)).join(between)),
      )
    }),
  )
  return [...new Set(ways)]
}

function listTextsOfMessage(message: JsonObject, refusals: boolean): string[] {
  return listObjects(message['content'])
    .filter(isObject)
    .map((part) => part['text'] ?? (refusals ? part['refusal'] : ''))
    .filter((text) => typeof text === 'string')
}
