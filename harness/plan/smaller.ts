import type { Answer, Fault, Item } from '../../mocks/service/types.ts'
import { contradictionIn } from './contradiction.ts'
import type { Conversation, Plan, Turn } from './types.ts'

/**
 * Every plan that is one step smaller, the boldest step first: a conversation, turn, answer, item, fault, toggle or
 * delivery less, a condition or wire form dropped, a fault earlier. Applied until none of them still fails, it leads from
 * any failing plan, drawn or from a file, to one of which nothing can be left out. Plans that contradict themselves are
 * not among them.
 */
export function* smaller(plan: Plan): Generator<Plan> {
  for (const candidate of candidates(plan)) if (contradictionIn(candidate) === undefined) yield candidate
}

function* candidates(plan: Plan): Generator<Plan> {
  const { conversations, delivery, mode } = plan
  if (conversations.length > 1)
    for (const less of without(conversations)) yield { ...plan, conversations: less }
  for (const conversations of each(plan.conversations, smallerConversations)) yield { ...plan, conversations }
  if (delivery.length > 0) {
    yield { ...plan, delivery: [] }
    yield { ...plan, delivery: delivery.slice(0, delivery.length >> 1) }
    for (const less of without(delivery)) yield { ...plan, delivery: less }
    for (const [at, number] of delivery.entries())
      if (number > 0) yield { ...plan, delivery: delivery.with(at, 0) }
  }
  const { toggles, sabotage, ...start } = mode
  if (sabotage) yield { ...plan, mode: { ...start, ...(toggles ? { toggles } : {}) } }
  if (toggles)
    for (const less of without(toggles))
      yield {
        ...plan,
        mode: { ...start, ...(less.length > 0 ? { toggles: less } : {}), ...(sabotage ? { sabotage } : {}) },
      }
  yield* smallerTeams(plan)
}

function* smallerTeams(plan: Plan): Generator<Plan> {
  const { team } = plan
  if (team.length > 1) for (const less of without(team)) yield { ...plan, team: less }
  for (const [at, agent] of team.entries()) {
    for (const tools of without(agent.tools)) yield { ...plan, team: team.with(at, { ...agent, tools }) }
    for (const [place, tool] of agent.tools.entries())
      if (tool.does.length > 1)
        for (const does of without(tool.does))
          yield {
            ...plan,
            team: team.with(at, { ...agent, tools: agent.tools.with(place, { ...tool, does }) }),
          }
  }
}

function* smallerConversations(conversation: Conversation): Generator<Conversation> {
  const { turns } = conversation
  if (turns.length > 1) for (const less of without(turns)) yield { ...conversation, turns: less }
  for (const turns of each(conversation.turns, smallerTurns)) yield { ...conversation, turns }
}

function* smallerTurns(turn: Turn): Generator<Turn> {
  const { stop, breaks, ...plain } = turn
  for (const answers of without(turn.answers)) yield { ...turn, answers }
  if (breaks) yield { ...plain, ...(stop ? { stop } : {}) }
  if (stop) {
    // A stall and a stop go together: neither would end without the other.
    const answers = turn.answers.map((answer) =>
      withFaults(
        answer,
        answer.faults?.filter(({ kind }) => kind !== 'stall'),
      ),
    )
    yield { ...plain, ...(breaks ? { breaks } : {}), answers }
  }
  for (const answers of each(turn.answers, smallerAnswers)) yield { ...turn, answers }
  if (turn.pull !== 'same-context') yield { ...turn, pull: 'same-context' }
}

function* smallerAnswers(answer: Answer): Generator<Answer> {
  const { wire, ...plain } = answer
  if (wire) yield plain
  const { items, faults = [] } = answer
  if (items.length > 1) for (const less of without(items)) yield { ...answer, items: less }
  for (const [at, item] of items.entries())
    for (const less of smallerItems(item)) yield { ...answer, items: items.with(at, less) }
  for (const less of without(faults)) yield withFaults(answer, less)
  for (const [at, fault] of faults.entries())
    for (const earlier of earlierFaults(fault)) yield { ...answer, faults: faults.with(at, earlier) }
}

function* smallerItems(item: Item): Generator<Item> {
  if (item.type === 'reasoning' && item.summary.length > 0) yield { ...item, summary: [] }
}

function* earlierFaults(fault: Fault): Generator<Fault> {
  if (!('at' in fault) || fault.at === 0) return
  yield { ...fault, at: 0 }
  yield { ...fault, at: fault.at >> 1 }
  yield { ...fault, at: fault.at - 1 }
}

function withFaults(answer: Answer, faults: Fault[] | undefined): Answer {
  const { faults: _, ...plain } = answer
  return faults && faults.length > 0 ? { ...plain, faults } : plain
}

/** The list without one of its members, each in turn. */
function* without<T>(list: readonly T[]): Generator<T[]> {
  for (const at of list.keys()) yield list.toSpliced(at, 1)
}

/** The list with one of its members smaller, each in turn. */
function* each<T>(list: readonly T[], smallerOnes: (member: T) => Iterable<T>): Generator<T[]> {
  for (const [at, member] of list.entries()) for (const less of smallerOnes(member)) yield list.with(at, less)
}
