import { hash } from 'node:crypto'
import { isObject, type Json } from '../../mocks/json.ts'
import type { Answer, Item } from '../../mocks/service/types.ts'
import { isMessage } from './item-kinds.ts'
import type { AgentSpec, Plan, ToolAction, Turn } from './types.ts'

/**
 * Matches a canary: its place and eight hex digits. The place is `<conversation>.<turn>.<n>` for a text of a conversation,
 * `agent.<index>` for an agent's instructions, or `tool.<agent>.<tool>.<action>` for a tool's result. Every conversation
 * can get the result of a tool.
 */
export const CANARY_PATTERN = /canary-(?:agent\.\d+|tool\.\d+\.\d+\.\d+|\d+\.\d+\.\d+)-[0-9a-f]{8}/g

/** Returns the token that marks one text of a plan. The token shows where the text comes from, wherever it turns up. */
export function buildCanary(seed: string, place: string): string {
  const hex = hash('sha256', `${seed}\n${place}`).slice(0, 8)
  return `canary-${place}-${hex}`
}

/** Returns the canaries in a text, in order. */
export function findCanaries(text: string): string[] {
  return text.includes('canary-') ? (text.match(CANARY_PATTERN) ?? []) : []
}

/**
 * Returns the plan with a different canary before each of its texts: user messages (number 0 of the turn), texts and calls
 * of the answers (1, 2, … in order), the instructions that a turn adds (the next number), instructions of agents, tool results that are strings, and messages that tools throw. A call
 * has its canary in its first string argument. Equal calls of one answer share a canary. An empty text of a call or tool stays empty.
 */
export function addCanaries(plan: Plan): Plan {
  const mark = (place: string, text: string) => `${buildCanary(plan.seed, place)} ${text}`.trim()
  return {
    ...plan,
    team: plan.team.map((agent, index) => addCanariesToAgent(agent, index, mark)),
    conversations: plan.conversations.map((conversation, line) => ({
      ...conversation,
      turns: conversation.turns.map((turn, number) =>
        addCanariesToTurn(turn, (n, text) => mark(`${line}.${number}.${n}`, text)),
      ),
    })),
  }
}

function addCanariesToAgent(
  agent: AgentSpec,
  index: number,
  mark: (place: string, text: string) => string,
): AgentSpec {
  const markAction = (act: ToolAction, place: string): ToolAction => {
    if (act.kind === 'throw') return { ...act, message: mark(place, act.message) }
    if (act.kind !== 'return' || typeof act.value !== 'string' || act.value === '') return act
    return { ...act, value: mark(place, act.value) }
  }
  return {
    ...agent,
    instructions: mark(`agent.${index}`, agent.instructions),
    tools: agent.tools.map((tool, at) => ({
      ...tool,
      does: tool.does.map((act, k) => markAction(act, `tool.${index}.${at}.${k}`)),
    })),
  }
}

function addCanariesToTurn(turn: Turn, mark: (n: number, text: string) => string): Turn {
  let next = 1
  const markItem = (item: Item): Item => {
    if (isMessage(item)) return { ...item, text: mark(next++, item.text) }
    if (item.type === 'call')
      return { ...item, args: addCanaryToArguments(item.args, (text) => mark(next++, text)) }
    return item
  }
  const answers = turn.answers.map(
    (answer): Answer => ({ ...answer, items: markItems(answer.items, markItem) }),
  )
  const added = turn.adds === undefined ? {} : { adds: mark(next++, turn.adds) }
  return { ...turn, say: mark(0, turn.say), answers, ...added }
}

/** Returns the items with each item marked. Equal calls of one answer stay equal. */
function markItems(items: readonly Item[], mark: (item: Item) => Item): Item[] {
  const marked = new Map<string, Item>()
  return items.map((item) => {
    const key = JSON.stringify(item)
    const before = item.type === 'call' ? marked.get(key) : undefined
    const now = before ?? mark(item)
    marked.set(key, now)
    return now
  })
}

/** Returns the arguments of a call with the first string marked. An empty string, or arguments without one, stay as they are. */
function addCanaryToArguments(args: Json, mark: (text: string) => string): Json {
  if (!isObject(args)) return args
  const found = Object.entries(args).find((entry): entry is [string, string] => typeof entry[1] === 'string')
  return found === undefined || found[1] === '' ? args : { ...args, [found[0]]: mark(found[1]) }
}
