import { hash } from 'node:crypto'
import { isObject, type Json } from '../../mocks/json.ts'
import type { Answer, Item } from '../../mocks/service/types.ts'
import type { AgentSpec, Plan, ToolAct, Turn } from './types.ts'

/**
 * What a canary looks like: its place, and eight hex digits that nothing else has. A place is `<conversation>.<turn>.<n>`
 * for what is said in a conversation, `agent.<index>` for an agent's instructions, and `tool.<agent>.<tool>.<act>` for a
 * tool's result, which every conversation may get.
 */
export const CANARY = /canary-(?:agent\.\d+|tool\.\d+\.\d+\.\d+|\d+\.\d+\.\d+)-[0-9a-f]{8}/g

/** The token of one text of a plan: it tells whose text it is wherever it turns up. */
export function canary(seed: string, place: string): string {
  const hex = hash('sha256', `${seed}\n${place}`).slice(0, 8)
  return `canary-${place}-${hex}`
}

/** The canaries that stand in a text, in order. */
export function canariesIn(text: string): string[] {
  return text.includes('canary-') ? (text.match(CANARY) ?? []) : []
}

/**
 * The plan with a canary of its own in each user message (number 0) and in each text and call of an answer (1, 2, … in
 * order: of a call, in the first argument that is a string), in each agent's instructions and in each tool result that is
 * a string. Texts that are in the plan already stay, after the canary.
 */
export function withCanaries(plan: Plan): Plan {
  const mark = (place: string, text: string) => `${canary(plan.seed, place)} ${text}`.trim()
  return {
    ...plan,
    team: plan.team.map((agent, index) => markedAgent(agent, index, mark)),
    conversations: plan.conversations.map((conversation, line) => ({
      ...conversation,
      turns: conversation.turns.map((turn, number) =>
        markedTurn(turn, (n, text) => mark(`${line}.${number}.${n}`, text)),
      ),
    })),
  }
}

function markedAgent(
  agent: AgentSpec,
  index: number,
  mark: (place: string, text: string) => string,
): AgentSpec {
  const markedAct = (act: ToolAct, place: string): ToolAct =>
    act.kind === 'return' && typeof act.value === 'string' ? { ...act, value: mark(place, act.value) } : act
  return {
    ...agent,
    instructions: mark(`agent.${index}`, agent.instructions),
    tools: agent.tools.map((tool, at) => ({
      ...tool,
      does: tool.does.map((act, k) => markedAct(act, `tool.${index}.${at}.${k}`)),
    })),
  }
}

function markedTurn(turn: Turn, mark: (n: number, text: string) => string): Turn {
  let next = 1
  const markedItem = (item: Item): Item => {
    if (item.type === 'text' || item.type === 'refusal') return { ...item, text: mark(next++, item.text) }
    if (item.type === 'call') return { ...item, args: markedArgs(item.args, (text) => mark(next++, text)) }
    return item
  }
  const answers = turn.answers.map((answer): Answer => ({ ...answer, items: answer.items.map(markedItem) }))
  return { ...turn, say: mark(0, turn.say), answers }
}

/** The arguments of a call with its first string marked; as they are where they hold none. */
function markedArgs(args: Json, mark: (text: string) => string): Json {
  if (!isObject(args)) return args
  const found = Object.entries(args).find((entry): entry is [string, string] => typeof entry[1] === 'string')
  return found === undefined ? args : { ...args, [found[0]]: mark(found[1]) }
}
