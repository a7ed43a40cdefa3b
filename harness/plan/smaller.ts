import type { Answer, Fault, Item } from '../../mocks/service/types.ts'
import { contradictionIn } from './contradiction.ts'
import type { AgentSpec, Conversation, Plan, Turn } from './types.ts'

/**
 * Every plan that is one step smaller, the boldest step first: a conversation, turn, answer, item, fault, toggle or
 * delivery less, a condition or wire form dropped, a fault earlier. Applied until none of them still fails, it leads from
 * any failing plan, drawn or from a file, to one of which nothing can be left out. Plans that contradict themselves are
 * not among them.
 *
 * What a recording's requests held stands only for the conversation as it was recorded: it stays where a whole conversation,
 * the last turns of one, faults or wire forms go, and goes with any other step.
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
  const bare = { ...plan, conversations: plan.conversations.map(unrecorded) }
  for (const team of smallerTeamsOf(plan.team)) yield { ...bare, team }
}

function* smallerTeamsOf(team: readonly AgentSpec[]): Generator<AgentSpec[]> {
  if (team.length > 1) yield* without(team)
  for (const [at, agent] of team.entries()) {
    for (const tools of without(agent.tools)) yield team.with(at, { ...agent, tools })
    for (const [place, tool] of agent.tools.entries())
      if (tool.does.length > 1)
        for (const does of without(tool.does))
          yield team.with(at, { ...agent, tools: agent.tools.with(place, { ...tool, does }) })
  }
}

function* smallerConversations(conversation: Conversation): Generator<Conversation> {
  const { turns } = conversation
  const bare = unrecorded(conversation)
  if (turns.length > 1) {
    yield { ...conversation, turns: turns.slice(0, -1) }
    for (const less of without(bare.turns)) yield { ...conversation, turns: less }
  }
  if (turns.some(({ recorded }) => recorded !== undefined)) yield bare
  for (const turns of each(conversation.turns, lessSpoiledTurns)) yield { ...conversation, turns }
  for (const turns of each(bare.turns, smallerTurns)) yield { ...conversation, turns }
}

function unrecorded(conversation: Conversation): Conversation {
  return { ...conversation, turns: conversation.turns.map(({ recorded: _, ...turn }) => turn) }
}

/** The turn with a wire form or a fault less, or a fault earlier. */
function* lessSpoiledTurns(turn: Turn): Generator<Turn> {
  for (const answers of each(turn.answers, lessSpoiledAnswers)) yield { ...turn, answers }
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

function* lessSpoiledAnswers(answer: Answer): Generator<Answer> {
  const { wire, ...plain } = answer
  if (wire) yield plain
  const { faults = [] } = answer
  for (const less of without(faults)) yield withFaults(answer, less)
  for (const [at, fault] of faults.entries())
    for (const earlier of earlierFaults(fault)) yield { ...answer, faults: faults.with(at, earlier) }
}

function* smallerAnswers({ items, ...answer }: Answer): Generator<Answer> {
  if (items.length > 1) for (const less of without(items)) yield { ...answer, items: less }
  for (const [at, item] of items.entries())
    for (const less of smallerItems(item)) yield { ...answer, items: items.with(at, less) }
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
