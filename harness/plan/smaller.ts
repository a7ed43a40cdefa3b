import type { Answer } from '../../mocks/service/types.ts'
import { findContradiction } from './contradiction.ts'
import {
  DONE_TEXT,
  listAnswersWithFewerFaults,
  listSmallerAnswers,
  replaceEachByText,
  replaceFaults,
  shortenItem,
} from './smaller-answer.ts'
import { listSimplerDeliveries, listSpreadOrders } from './smaller-delivery.ts'
import { listPlansWithFewerAgents, listSmallerFlows } from './smaller-handoffs.ts'
import {
  mapLowerNumbers,
  removeEach,
  removeEachKey,
  removeNeighbours,
  shortenToCanary,
  shrinkEach,
} from './smaller-parts.ts'
import type { AgentSpec, Conversation, Mode, Plan, ToolAction, ToolSpec, Turn } from './types.ts'

/**
 * Yields every plan that is one step smaller, the largest step first. There are three kinds of steps:
 *
 * - to remove a part: a conversation, a turn, an answer, an item, a fault, a stop, a tool, a toggle or a delivery;
 * - to replace a part by a plainer one: a call by a text, a stream by JSON, another session mode by `history`;
 * - to lower a number or shorten a text to its canary.
 *
 * Every step makes the plan smaller, so repeating them ends. Plans that contradict themselves are left out.
 *
 * `taken`: the conversation that each step took when the plan ran, if that is known. With it, the others keep their exact order when
 * a conversation is removed.
 *
 * Recorded requests (`recorded`) are valid only for the conversation as it was recorded. They stay if a step removes a whole
 * conversation, the last turns of one, faults or wire forms. Every other step removes them.
 */
export function* listSmallerPlans(plan: Plan, taken: readonly number[] = plan.delivery): Generator<Plan> {
  for (const candidate of listCandidates(plan, taken.slice(0, plan.delivery.length)))
    if (findContradiction(candidate) === undefined) yield candidate
}

function* listCandidates(plan: Plan, taken: readonly number[]): Generator<Plan> {
  const { conversations, delivery, mode } = plan
  if (conversations.length > 1) {
    for (const one of conversations.length > 2 ? conversations : []) yield { ...plan, conversations: [one] }
    for (const at of conversations.keys()) yield* removeConversation(plan, at, taken)
  }
  if (delivery.length > 0) yield { ...plan, delivery: [] }
  const plain = shortenAllTexts(plan)
  if (plain !== undefined) yield plain
  for (const conversations of shrinkEach(plan.conversations, listConversationsWithFewerTurns))
    yield { ...plan, conversations }
  yield* listPlansWithFewerAgents(plan)
  for (const less of removeEachKey(plan, ['growth', 'service', 'flow'])) yield less
  if (plan.flow !== undefined) for (const flow of listSmallerFlows(plan.flow)) yield { ...plan, flow }
  for (const less of listSmallerModes(mode)) yield { ...plan, mode: less }
  for (const conversations of shrinkEach(plan.conversations, listSmallerConversations))
    yield { ...plan, conversations }
  yield* listPlansWithSmallerTeam(plan)
  if (plan.service !== undefined)
    for (const service of removeEachKey(
      plan.service,
      Object.keys(plan.service) as (keyof typeof plan.service)[],
    ))
      yield { ...plan, service }
  for (const delivery of listSimplerDeliveries(plan.delivery, plan.conversations.length))
    yield { ...plan, delivery }
}

/** Small plans take about so many steps. */
const FEW_STEPS = 40

/**
 * Yields the plan without one conversation. The first candidate keeps the order of the other conversations, the second the numbers of
 * `delivery`. If two conversations are left, some orders with one change follow, in case the third one was only needed for its steps.
 */
function* removeConversation(plan: Plan, gone: number, taken: readonly number[]): Generator<Plan> {
  const conversations = plan.conversations.toSpliced(gone, 1)
  if (plan.delivery.length > 0) {
    const order = taken.map((number) => number % plan.conversations.length).filter((of) => of !== gone)
    yield { ...plan, conversations, delivery: order.map((of) => (of > gone ? of - 1 : of)) }
  }
  yield { ...plan, conversations }
  if (conversations.length === 2)
    for (const delivery of listSpreadOrders(Math.max(plan.delivery.length, FEW_STEPS)))
      yield { ...plan, conversations, delivery }
}

/**
 * Returns the plan with each text shortened to its canary and without descriptions of tools, or undefined if this makes
 * the plan no shorter.
 */
function shortenAllTexts(plan: Plan): Plan | undefined {
  const { team, conversations } = plan
  const plain: Plan = {
    ...plan,
    team: team.map((agent) => ({
      ...agent,
      instructions: shortenToCanary(agent.instructions),
      tools: agent.tools.map(({ description: _, ...tool }) => ({
        ...tool,
        does: tool.does.map(shortenAction),
      })),
    })),
    conversations: conversations.map(removeRecordedRequests).map((conversation) => ({
      ...conversation,
      turns: conversation.turns.map((turn) => ({
        ...turn,
        say: shortenToCanary(turn.say),
        answers: turn.answers.map((answer) => ({ ...answer, items: answer.items.map(shortenItem) })),
      })),
    })),
  }
  return JSON.stringify(plain).length <
    JSON.stringify({ ...plan, conversations: conversations.map(removeRecordedRequests) }).length
    ? plain
    : undefined
}

/** Returns the action with its result shortened to a canary, or the same object if nothing can be shortened. */
function shortenAction(act: ToolAction): ToolAction {
  if (act.kind !== 'return' || typeof act.value !== 'string') return act
  const value = shortenToCanary(act.value)
  return value === act.value ? act : { ...act, value }
}

function* listSmallerModes(mode: Mode): Generator<Mode> {
  yield* removeEachKey(mode, ['sabotage', 'toggles'])
  if (mode.start !== 'on') yield { ...mode, start: 'on' }
  const { toggles, sabotage } = mode
  if (toggles && toggles.length > 1) for (const less of removeEach(toggles)) yield { ...mode, toggles: less }
  if (toggles)
    for (const less of shrinkEach(toggles, (toggle) =>
      mapLowerNumbers(toggle.step, (step) => ({ ...toggle, step })),
    ))
      yield { ...mode, toggles: less }
  if (sabotage)
    for (const less of mapLowerNumbers(sabotage.nth, (nth) => ({ ...sabotage, nth })))
      yield { ...mode, sabotage: less }
}

function* listPlansWithSmallerTeam(plan: Plan): Generator<Plan> {
  const bare = { ...plan, conversations: plan.conversations.map(removeRecordedRequests) }
  for (const team of listSmallerTeams(plan.team)) yield { ...bare, team }
}

/** Yields smaller teams. Tools are removed before agents, and the first agent last, since the turns are its runs. */
function* listSmallerTeams(team: readonly AgentSpec[]): Generator<AgentSpec[]> {
  yield* shrinkEach(team, function* (agent) {
    for (const tools of removeEach(agent.tools)) yield { ...agent, tools }
  })
  if (team.length > 1) yield* [...removeEach(team)].reverse()
  yield* shrinkEach(team, function* (agent) {
    for (const handoffs of removeEach(agent.handoffs)) yield { ...agent, handoffs }
    const instructions = shortenToCanary(agent.instructions)
    if (instructions !== agent.instructions) yield { ...agent, instructions }
    yield* removeEachKey(agent, ['settings'])
    for (const tools of shrinkEach(agent.tools, listSmallerTools)) yield { ...agent, tools }
  })
}

function* listSmallerTools(tool: ToolSpec): Generator<ToolSpec> {
  if (tool.does.length > 1) for (const does of removeEach(tool.does)) yield { ...tool, does }
  yield* removeEachKey(tool, ['description'])
  for (const does of shrinkEach(tool.does, listSmallerActions)) yield { ...tool, does }
}

function* listSmallerActions(act: ToolAction): Generator<ToolAction> {
  if (act.kind === 'return' || act.kind === 'throw') {
    const { gated: _, ignoresSignal, ...ungated } = act
    if (act.gated) yield ungated
    yield* removeEachKey<typeof act>(act, ['ignoresSignal'])
  }
  if (shortenAction(act) !== act) yield shortenAction(act)
  if (act.kind === 'agent' || act.kind === 'throw') yield { kind: 'return', value: DONE_TEXT }
}

function* listConversationsWithFewerTurns(conversation: Conversation): Generator<Conversation> {
  const { turns } = conversation
  if (turns.length < 2) return
  yield { ...conversation, turns: turns.slice(0, -1) }
  for (const less of removeEach(removeRecordedRequests(conversation).turns))
    yield { ...conversation, turns: less }
}

function* listSmallerConversations(conversation: Conversation): Generator<Conversation> {
  const bare = removeRecordedRequests(conversation)
  if (conversation.turns.some(({ recorded }) => recorded !== undefined)) yield bare
  for (const turns of shrinkEach(conversation.turns, listTurnsWithFewerFaults))
    yield { ...conversation, turns }
  for (const turns of shrinkEach(bare.turns, listSmallerTurns)) yield { ...conversation, turns }
  yield* removeEachKey(conversation, ['as'])
  if (bare.session !== 'history') yield { ...bare, session: 'history' }
  if (!bare.store) yield { ...bare, store: true }
}

function removeRecordedRequests(conversation: Conversation): Conversation {
  return { ...conversation, turns: conversation.turns.map(({ recorded: _, ...turn }) => turn) }
}

/** Yields the turn without one fault or one part of a wire form, or with a fault earlier in the stream. */
function* listTurnsWithFewerFaults(turn: Turn): Generator<Turn> {
  for (const answers of shrinkEach(turn.answers, listAnswersWithFewerFaults)) yield { ...turn, answers }
}

function* listSmallerTurns(turn: Turn): Generator<Turn> {
  const { stop, breaks } = turn
  for (const answers of removeEach(turn.answers)) yield { ...turn, answers }
  // If agents hand off in a circle, only removing the answers of a whole round keeps the meaning of the others.
  for (const answers of removeNeighbours(turn.answers)) yield { ...turn, answers }
  // A violation can depend on one answer alone, but show only when that answer comes first.
  if (turn.answers.length > 2) for (const answer of turn.answers) yield { ...turn, answers: [answer] }
  for (const answers of replaceEachByText(turn.answers)) yield { ...turn, answers }
  yield* removeEachKey(turn, ['breaks', 'limit', 'adds', 'cleanups'])
  // A stall without a stop would never end, so both are removed together.
  for (const less of removeEachKey(turn, ['stop'])) yield { ...less, answers: less.answers.map(removeStalls) }
  if (turn.stream) yield { ...turn, stream: false, pull: 'same-context' }
  if (turn.pull !== 'same-context') yield { ...turn, pull: 'same-context' }
  if (turn.target !== 'same') yield { ...turn, target: 'same' }
  for (const answers of shrinkEach(turn.answers, listSmallerAnswers)) yield { ...turn, answers }
  if (turn.adds !== undefined && shortenToCanary(turn.adds) !== turn.adds)
    yield { ...turn, adds: shortenToCanary(turn.adds) }
  if (shortenToCanary(turn.say) !== turn.say) yield { ...turn, say: shortenToCanary(turn.say) }
  if (breaks)
    for (const less of mapLowerNumbers(breaks.nth, (nth) => ({ ...breaks, nth })))
      yield { ...turn, breaks: less }
  if (stop) for (const less of removeEachKey(stop, ['again'])) yield { ...turn, stop: less }
  if (stop) for (const after of listEarlierStops(stop.after)) yield { ...turn, stop: { ...stop, after } }
}

function* listEarlierStops(after: NonNullable<Turn['stop']>['after']): Generator<typeof after> {
  if ('nothing' in after) return
  if ('updates' in after) yield* mapLowerNumbers(after.updates, (updates) => ({ updates }))
  else if ('toolStarts' in after) yield* mapLowerNumbers(after.toolStarts, (toolStarts) => ({ toolStarts }))
  else {
    yield* mapLowerNumbers(after.request, (request) => ({ ...after, request }))
    yield* mapLowerNumbers(after.events, (events) => ({ ...after, events }))
  }
}

function removeStalls(answer: Answer): Answer {
  return replaceFaults(
    answer,
    answer.faults?.filter(({ kind }) => kind !== 'stall'),
  )
}
