import type { Answer } from '../../mocks/service/types.ts'
import { contradictionIn } from './contradiction.ts'
import {
  answersInWords,
  DONE,
  shortenedItem,
  smallerAnswers,
  spoiledLess,
  withFaults,
} from './smaller-answer.ts'
import { fewerAgents, smallerFlows } from './smaller-handoffs.ts'
import { each, lower, shortened, without, withoutKeys, withoutNeighbours } from './smaller-parts.ts'
import type { AgentSpec, Conversation, Mode, Plan, ToolAct, ToolSpec, Turn } from './types.ts'

/**
 * Every plan that is one step smaller, the boldest step first. A step leaves something out (a conversation, a turn, an
 * answer, an item, a fault, a stop, a tool, a toggle, a delivery), puts the plain in the place of the special (a text for a
 * call, JSON for a stream, `history` for another session), or lowers a number or shortens a text to its canary. Each makes
 * the plan hold less, so that applying it again and again ends: at a plan of which nothing can be left out. Plans that
 * contradict themselves are not among them.
 *
 * What a recording's requests held stands only for the conversation as it was recorded: it stays where a whole conversation,
 * the last turns of one, faults or wire forms go, and goes with any other step.
 */
export function* smaller(plan: Plan): Generator<Plan> {
  for (const candidate of candidates(plan)) if (contradictionIn(candidate) === undefined) yield candidate
}

function* candidates(plan: Plan): Generator<Plan> {
  const { conversations, delivery, mode } = plan
  if (conversations.length > 1) {
    for (const one of conversations.length > 2 ? conversations : []) yield { ...plan, conversations: [one] }
    for (const at of conversations.keys()) yield* withoutConversation(plan, at)
  }
  if (delivery.length > 0) yield { ...plan, delivery: [] }
  const plain = inPlainWords(plan)
  if (plain !== undefined) yield plain
  for (const conversations of each(plan.conversations, fewerTurns)) yield { ...plan, conversations }
  yield* fewerAgents(plan)
  for (const less of withoutKeys(plan, ['service', 'flow'])) yield less
  if (plan.flow !== undefined) for (const flow of smallerFlows(plan.flow)) yield { ...plan, flow }
  for (const less of smallerModes(mode)) yield { ...plan, mode: less }
  for (const conversations of each(plan.conversations, smallerConversations)) yield { ...plan, conversations }
  yield* smallerTeams(plan)
  if (plan.service !== undefined)
    for (const service of withoutKeys(
      plan.service,
      Object.keys(plan.service) as (keyof typeof plan.service)[],
    ))
      yield { ...plan, service }
  yield* smallerDeliveries(plan)
}

/** Without one conversation: the others in the order that they had while none had ended, or in that of the same numbers. */
function* withoutConversation(plan: Plan, gone: number): Generator<Plan> {
  const { delivery } = plan
  const conversations = plan.conversations.toSpliced(gone, 1)
  if (delivery.length > 0) {
    const order = delivery.map((number) => number % plan.conversations.length).filter((of) => of !== gone)
    yield { ...plan, conversations, delivery: order.map((of) => (of > gone ? of - 1 : of)) }
  }
  yield { ...plan, conversations }
}

/** Every text that holds a canary is that canary alone, and nothing is described. Undefined: so it is already. */
function inPlainWords(plan: Plan): Plan | undefined {
  const { team, conversations } = plan
  const plain: Plan = {
    ...plan,
    team: team.map((agent) => ({
      ...agent,
      instructions: shortened(agent.instructions),
      tools: agent.tools.map(({ description: _, ...tool }) => ({
        ...tool,
        does: tool.does.map(shortenedAct),
      })),
    })),
    conversations: conversations.map(unrecorded).map((conversation) => ({
      ...conversation,
      turns: conversation.turns.map((turn) => ({
        ...turn,
        say: shortened(turn.say),
        answers: turn.answers.map((answer) => ({ ...answer, items: answer.items.map(shortenedItem) })),
      })),
    })),
  }
  return JSON.stringify(plain).length <
    JSON.stringify({ ...plan, conversations: conversations.map(unrecorded) }).length
    ? plain
    : undefined
}

/** The act itself where nothing of it is shorter. */
function shortenedAct(act: ToolAct): ToolAct {
  if (act.kind !== 'return' || typeof act.value !== 'string') return act
  const value = shortened(act.value)
  return value === act.value ? act : { ...act, value }
}

function* smallerDeliveries(plan: Plan): Generator<Plan> {
  const { delivery } = plan
  if (delivery.length > 1) yield { ...plan, delivery: delivery.slice(0, delivery.length >> 1) }
  for (const less of without(delivery)) yield { ...plan, delivery: less }
  for (const [at, number] of delivery.entries())
    if (number > 0) yield { ...plan, delivery: delivery.with(at, 0) }
}

function* smallerModes(mode: Mode): Generator<Mode> {
  yield* withoutKeys(mode, ['sabotage', 'toggles'])
  if (mode.start !== 'on') yield { ...mode, start: 'on' }
  const { toggles, sabotage } = mode
  if (toggles && toggles.length > 1) for (const less of without(toggles)) yield { ...mode, toggles: less }
  if (toggles)
    for (const less of each(toggles, (toggle) => lower(toggle.step, (step) => ({ ...toggle, step }))))
      yield { ...mode, toggles: less }
  if (sabotage)
    for (const less of lower(sabotage.nth, (nth) => ({ ...sabotage, nth }))) yield { ...mode, sabotage: less }
}

function* smallerTeams(plan: Plan): Generator<Plan> {
  const bare = { ...plan, conversations: plan.conversations.map(unrecorded) }
  for (const team of smallerTeamsOf(plan.team)) yield { ...bare, team }
}

/** Tools go before the agents behind them, and the first agent, whose runs the turns are, goes last. */
function* smallerTeamsOf(team: readonly AgentSpec[]): Generator<AgentSpec[]> {
  yield* each(team, function* (agent) {
    for (const tools of without(agent.tools)) yield { ...agent, tools }
  })
  if (team.length > 1) yield* [...without(team)].reverse()
  yield* each(team, function* (agent) {
    for (const handoffs of without(agent.handoffs)) yield { ...agent, handoffs }
    const instructions = shortened(agent.instructions)
    if (instructions !== agent.instructions) yield { ...agent, instructions }
    yield* withoutKeys(agent, ['settings'])
    for (const tools of each(agent.tools, smallerTools)) yield { ...agent, tools }
  })
}

function* smallerTools(tool: ToolSpec): Generator<ToolSpec> {
  if (tool.does.length > 1) for (const does of without(tool.does)) yield { ...tool, does }
  yield* withoutKeys(tool, ['description'])
  for (const does of each(tool.does, smallerActs)) yield { ...tool, does }
}

function* smallerActs(act: ToolAct): Generator<ToolAct> {
  if (act.kind === 'return' || act.kind === 'throw') yield* withoutKeys<typeof act>(act, ['gated'])
  if (shortenedAct(act) !== act) yield shortenedAct(act)
  if (act.kind === 'agent' || act.kind === 'throw') yield { kind: 'return', value: DONE }
}

function* fewerTurns(conversation: Conversation): Generator<Conversation> {
  const { turns } = conversation
  if (turns.length < 2) return
  yield { ...conversation, turns: turns.slice(0, -1) }
  for (const less of without(unrecorded(conversation).turns)) yield { ...conversation, turns: less }
}

function* smallerConversations(conversation: Conversation): Generator<Conversation> {
  const bare = unrecorded(conversation)
  if (conversation.turns.some(({ recorded }) => recorded !== undefined)) yield bare
  for (const turns of each(conversation.turns, lessSpoiledTurns)) yield { ...conversation, turns }
  for (const turns of each(bare.turns, smallerTurns)) yield { ...conversation, turns }
  yield* withoutKeys(conversation, ['as'])
  if (bare.session !== 'history') yield { ...bare, session: 'history' }
  if (!bare.store) yield { ...bare, store: true }
}

function unrecorded(conversation: Conversation): Conversation {
  return { ...conversation, turns: conversation.turns.map(({ recorded: _, ...turn }) => turn) }
}

/** The turn with a wire form or a fault less, or a fault earlier. */
function* lessSpoiledTurns(turn: Turn): Generator<Turn> {
  for (const answers of each(turn.answers, spoiledLess)) yield { ...turn, answers }
}

function* smallerTurns(turn: Turn): Generator<Turn> {
  const { stop, breaks } = turn
  for (const answers of without(turn.answers)) yield { ...turn, answers }
  // Where a conversation is handed on in a circle, one answer without the others means something else.
  for (const answers of withoutNeighbours(turn.answers)) yield { ...turn, answers }
  // What an answer has to itself is not shown while another stands before it.
  if (turn.answers.length > 2) for (const answer of turn.answers) yield { ...turn, answers: [answer] }
  for (const answers of answersInWords(turn.answers)) yield { ...turn, answers }
  yield* withoutKeys(turn, ['breaks'])
  // A stall and a stop go together: neither would end without the other.
  for (const less of withoutKeys(turn, ['stop'])) yield { ...less, answers: less.answers.map(unstalled) }
  if (turn.stream) yield { ...turn, stream: false, pull: 'same-context' }
  if (turn.pull !== 'same-context') yield { ...turn, pull: 'same-context' }
  if (turn.target !== 'same') yield { ...turn, target: 'same' }
  for (const answers of each(turn.answers, smallerAnswers)) yield { ...turn, answers }
  if (shortened(turn.say) !== turn.say) yield { ...turn, say: shortened(turn.say) }
  if (breaks)
    for (const less of lower(breaks.nth, (nth) => ({ ...breaks, nth }))) yield { ...turn, breaks: less }
  if (stop) for (const after of earlierStops(stop.after)) yield { ...turn, stop: { ...stop, after } }
}

function* earlierStops(after: NonNullable<Turn['stop']>['after']): Generator<typeof after> {
  if ('updates' in after) yield* lower(after.updates, (updates) => ({ updates }))
  else if ('toolStarts' in after) yield* lower(after.toolStarts, (toolStarts) => ({ toolStarts }))
  else {
    yield* lower(after.request, (request) => ({ ...after, request }))
    yield* lower(after.events, (events) => ({ ...after, events }))
  }
}

function unstalled(answer: Answer): Answer {
  return withFaults(
    answer,
    answer.faults?.filter(({ kind }) => kind !== 'stall'),
  )
}
