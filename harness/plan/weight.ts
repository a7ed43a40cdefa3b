import type { Answer, Item } from '../../mocks/service/types.ts'
import { sessionKinds } from './session-kinds.ts'
import type { AgentSpec, Conversation, Plan, Turn } from './types.ts'

/** About how much a plan asks for. The limits of a plan's parts do not bound it, for parts multiply. */
export interface Weight {
  /** Gates that are opened, stream events above all. */
  steps: number
  /** Characters of all requests together: a client may send its whole history each time. */
  sent: number
}

/** The heaviest plan that a worker has the memory to run, and to run in every mode of telemetry that is compared. */
export const heaviest: Weight = { steps: 500_000, sent: 400_000_000 }

/** Says why a plan is too heavy to be run and judged; undefined where it is not. */
export function tooHeavy(plan: Plan): string | undefined {
  const { steps, sent } = weightOf(plan)
  const found = [
    ...(steps > heaviest.steps
      ? [`about ${inMillions(steps)} steps, expected at most ${inMillions(heaviest.steps)}`]
      : []),
    ...(sent > heaviest.sent
      ? [
          `requests of about ${inMillions(sent)} characters together, expected at most ${inMillions(heaviest.sent)}`,
        ]
      : []),
  ]
  return found.length === 0
    ? undefined
    : `the plan is too heavy to be run and judged: found ${found.join(', and ')}`
}

function inMillions(count: number): string {
  return `${(count / 1_000_000).toFixed(1)} million`
}

/** Returns how much a plan asks for, on a runtime that does what the plan says and sends all that it knows. */
export function weightOf(plan: Plan): Weight {
  const results = longestResults(plan.team)
  const told = sumOver(
    plan.team,
    ({ tools, instructions }) =>
      sumOver(
        tools,
        ({ description = '', parameters }) => description.length + JSON.stringify(parameters).length,
      ) + instructions.length,
  )
  const weights = plan.conversations.map((one) => weightOfConversation(one, told, results))
  // Where a conversation has ended or is held, a step of `delivery` opens nothing.
  return {
    steps: plan.delivery.length + sumOver(weights, ({ steps }) => steps),
    sent: sumOver(weights, ({ sent }) => sent),
  }
}

function weightOfConversation(
  { turns, session, store }: Conversation,
  told: number,
  results: ReadonlyMap<string, number>,
): Weight {
  const weight: Weight = { steps: 0, sent: 0 }
  // What the service keeps need not be sent again.
  const isKept = store && sessionKinds[session].isKeptByService
  let known = 0
  for (const turn of turns) {
    known = ITEM + turn.say.length + (isKept ? 0 : known)
    for (const answer of turn.answers) {
      const attempts = 1 + (answer.faults?.length ?? 0)
      weight.steps += attempts * stepsOf(answer, turn)
      weight.sent += attempts * (told + known)
      const given = sumOver(answer.items, (item) => resultOf(item, results))
      const said = sumOver(answer.items, (item) => ITEM + textOf(item).length)
      known = given + (isKept ? 0 : known + said)
    }
    weight.sent += told + known
    weight.steps += HEADS
  }
  return weight
}

function sumOver<T>(of: readonly T[], count: (one: T) => number): number {
  return of.reduce((sum, one) => sum + count(one), 0)
}

/** What stands around the text of an item, in characters. */
const ITEM = 150

/** Gates of an answer beside those of its items, and those around each item. */
const HEADS = 8

/** Characters of a delta, at least on average. */
const DELTA = 3

function stepsOf({ items }: Answer, { stream }: Turn): number {
  if (!stream) return HEADS + items.length
  return HEADS + sumOver(items, (item) => HEADS + Math.ceil(textOf(item).length / DELTA))
}

function textOf(item: Item): string {
  switch (item.type) {
    case 'text':
    case 'refusal':
      return item.text
    case 'reasoning':
      return item.summary.join('')
    case 'call':
      return JSON.stringify(item.args)
    case 'handoff':
      return item.to
  }
}

function resultOf(item: Item, results: ReadonlyMap<string, number>): number {
  return item.type === 'call' ? ITEM + (results.get(item.tool) ?? 0) : 0
}

/** The longest text that each tool may give, in characters. */
function longestResults(team: readonly AgentSpec[]): Map<string, number> {
  const longest = new Map<string, number>()
  for (const { name, does } of team.flatMap(({ tools }) => tools))
    for (const act of does) longest.set(name, Math.max(longest.get(name) ?? 0, JSON.stringify(act).length))
  return longest
}
