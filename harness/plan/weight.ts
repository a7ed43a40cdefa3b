import type { Answer, Item } from '../../mocks/service/types.ts'
import { sessionKinds } from './session-kinds.ts'
import type { AgentSpec, Conversation, Plan, Turn } from './types.ts'

/** An estimate of the work that a plan causes. The limits of single parts do not bound it, because parts multiply. */
export interface Weight {
  /** The number of gates that are opened. Most of them are stream events. */
  steps: number
  /** Characters of all requests together. A client can send its whole history in each request. */
  sent: number
}

/** The largest weight that fits in the memory of a worker, which may run the plan in every telemetry mode. */
export const maxWeight: Weight = { steps: 500_000, sent: 400_000_000 }

/** Returns why a plan is too large to run and check, or undefined if it is not. */
export function describeExcessWeight(plan: Plan): string | undefined {
  const { steps, sent } = estimateWeight(plan)
  const found = [
    ...(steps > maxWeight.steps
      ? [`about ${formatMillions(steps)} steps, expected at most ${formatMillions(maxWeight.steps)}`]
      : []),
    ...(sent > maxWeight.sent
      ? [
          `about ${formatMillions(sent)} characters in all requests, expected at most ${formatMillions(maxWeight.sent)}`,
        ]
      : []),
  ]
  return found.length === 0
    ? undefined
    : `the plan is too large to run and check: found ${found.join(', and ')}`
}

function formatMillions(count: number): string {
  return `${(count / 1_000_000).toFixed(1)} million`
}

/** Returns the weight of a plan on a runtime that runs the whole plan and sends its whole history. */
export function estimateWeight(plan: Plan): Weight {
  const results = findLongestResults(plan.team)
  const told = sumUp(
    plan.team,
    ({ tools, instructions }) =>
      sumUp(
        tools,
        ({ description = '', parameters }) => description.length + JSON.stringify(parameters).length,
      ) + instructions.length,
  )
  const weights = plan.conversations.map((one) => estimateConversationWeight(one, told, results))
  // A step of `delivery` opens no gate if its conversation has ended or is held, so the steps are counted extra.
  return {
    steps: plan.delivery.length + sumUp(weights, ({ steps }) => steps),
    sent: sumUp(weights, ({ sent }) => sent),
  }
}

function estimateConversationWeight(
  { turns, session, store }: Conversation,
  told: number,
  results: ReadonlyMap<string, number>,
): Weight {
  const weight: Weight = { steps: 0, sent: 0 }
  // The client does not send the items again that the service keeps.
  const isKept = store && sessionKinds[session].isKeptByService
  let known = 0
  for (const turn of turns) {
    known = ITEM_OVERHEAD + turn.say.length + (isKept ? 0 : known)
    const added = turn.adds?.length ?? 0
    for (const answer of turn.answers) {
      const attempts = 1 + (answer.faults?.length ?? 0)
      weight.steps += attempts * estimateStepsOfAnswer(answer, turn)
      weight.sent += attempts * (told + known + added)
      const given = sumUp(answer.items, (item) => estimateResultLength(item, results))
      const said = sumUp(answer.items, (item) => ITEM_OVERHEAD + countCharacters(item))
      known = given + (isKept ? 0 : known + said)
    }
    weight.sent += told + known + added
    weight.steps += HEAD_STEPS
  }
  return weight
}

function sumUp<T>(of: readonly T[], count: (one: T) => number): number {
  return of.reduce((sum, one) => sum + count(one), 0)
}

/** Characters of an item's JSON besides its text. */
const ITEM_OVERHEAD = 150

/** Gates of an answer that belong to no item, and gates of an item that are no deltas. */
const HEAD_STEPS = 8

/** The average number of characters in a delta, at least. */
const DELTA_LENGTH = 3

function estimateStepsOfAnswer(answer: Answer, { stream }: Turn): number {
  return stream ? estimateEvents(answer) : HEAD_STEPS + answer.items.length
}

/** Returns an estimate of the number of events in the stream of an answer. Most answers have fewer. */
export function estimateEvents({ items }: Answer): number {
  return HEAD_STEPS + sumUp(items, (item) => HEAD_STEPS + Math.ceil(countCharacters(item) / DELTA_LENGTH))
}

function countCharacters(item: Item): number {
  switch (item.type) {
    case 'text':
    case 'refusal':
      return item.text.length
    case 'reasoning':
      return item.summary.join('').length
    case 'call':
      return JSON.stringify(item.args).length
    case 'handoff':
      return item.to.length
  }
}

function estimateResultLength(item: Item, results: ReadonlyMap<string, number>): number {
  return item.type === 'call' ? ITEM_OVERHEAD + (results.get(item.tool) ?? 0) : 0
}

/** Returns the length of the longest result of each tool, in characters. */
function findLongestResults(team: readonly AgentSpec[]): Map<string, number> {
  const longest = new Map<string, number>()
  for (const { name, does } of team.flatMap(({ tools }) => tools))
    for (const act of does) longest.set(name, Math.max(longest.get(name) ?? 0, JSON.stringify(act).length))
  return longest
}
