import { isObject, type Json, type JsonObject, listObjects } from '../../../mocks/json.ts'
import { findHandoffTool } from '../../../mocks/service/adapt.ts'
import type { ScriptRequest } from '../../../mocks/service/script.ts'
import { listUserTexts, readRole } from '../../history/items.ts'
import { findCanaries } from '../../plan/canary.ts'
import { hasHandoffs, listAgentsUsedAsTools } from '../../plan/team.ts'
import type { AgentSpec, Plan } from '../../plan/types.ts'

/**
 * Whose request this is, and whose texts it carries. If the two differ, that is cross-talk, and both are recorded.
 */
export interface Attribution {
  /** The conversation that sent it. Null if nothing says which. */
  conversation: number | null
  /** The last turn of the conversation whose texts are in it. Absent if it carries no text of this conversation alone. */
  turn?: number
  /** The conversations whose canaries are in it. */
  carries: readonly number[]
}

/** Where a canary of the plan stands. */
export interface CanaryPlace {
  conversation: number
  turn: number
}

/**
 * Returns the place of each canary in the plan. The canary's own text does not say it: when a plan is shrunk, its texts
 * stay while its conversations and turns move up.
 */
export function indexCanaries({ conversations }: Plan): ReadonlyMap<string, CanaryPlace> {
  const places = new Map<string, CanaryPlace>()
  for (const [conversation, { turns }] of conversations.entries())
    for (const [turn, told] of turns.entries())
      for (const text of collectTexts(told))
        for (const token of findCanaries(text)) places.set(token, { conversation, turn })
  return places
}

/** Collects every string in a JSON value. */
function collectTexts(value: unknown, texts: string[] = []): string[] {
  if (typeof value === 'string') texts.push(value)
  else if (typeof value === 'object' && value !== null)
    for (const held of Object.values(value)) collectTexts(held, texts)
  return texts
}

/**
 * Finds the conversation of a request. If its canaries belong to one conversation, that one, with the last turn that they
 * belong to; else the conversation whose gate was opened last, since that caused what is seen now.
 */
export function attributeToConversation(
  context: unknown,
  canaries: ReadonlyMap<string, CanaryPlace>,
  cause: number | null,
): Attribution {
  const found = new Map<number, number>()
  for (const text of collectTexts(context))
    for (const token of findCanaries(text)) {
      const { conversation, turn } = canaries.get(token) ?? {}
      if (conversation !== undefined && turn !== undefined)
        found.set(conversation, Math.max(turn, found.get(conversation) ?? turn))
    }
  const carries = [...found.keys()].sort((a, b) => a - b)
  const [only] = carries
  if (carries.length !== 1 || only === undefined) return { conversation: cause, carries }
  return { conversation: only, turn: found.get(only) ?? 0, carries }
}

/**
 * Returns whether a request waits for an answer of the model to what it was told last: a user's message or a tool's result.
 * A request that ends with an answer of the model belongs to a later turn that lost its own message.
 */
export function asksForAnswer(seen: unknown): boolean {
  const last = readLastItem(seen)
  return last !== undefined && (readRole(last) === 'user' || last['type'] === 'function_call_output')
}

/**
 * Returns whether a request ends with a user message that the runtime wrote itself: nothing in it comes from a turn. So the
 * message does not say which turn the request belongs to.
 */
export function endsWithOwnMessage(seen: unknown, canaries: ReadonlyMap<string, CanaryPlace>): boolean {
  const last = readLastItem(seen)
  if (last === undefined || readRole(last) !== 'user') return false
  return !collectTexts(last).some((text) => findCanaries(text).some((token) => canaries.has(token)))
}

/** Returns the last item of a context, or of the input of a body. */
function readLastItem(seen: unknown): JsonObject | undefined {
  return listSeenItems(seen).at(-1)
}

/** Returns the items of a context, or of the input of a body. A text is one user message. */
export function listSeenItems(seen: unknown): JsonObject[] {
  const input = isObject(seen) ? seen['input'] : seen
  return typeof input === 'string' ? [{ role: 'user', content: input }] : listObjects(input)
}

/**
 * Returns the agent that sent a request: the only one of the team, or the one whose instructions are in the request.
 * A request that continues a response may have its instructions only in the stored context; then the latest count.
 */
export function findAskingAgent(
  team: readonly AgentSpec[],
  body: Json | undefined,
  context: readonly JsonObject[] = [],
): string | undefined {
  const [only] = team
  if (team.length === 1) return only?.name
  const toldIn = (value: unknown) => {
    const told = JSON.stringify(value)
    return team.find(({ instructions }) => told.includes(JSON.stringify(instructions).slice(1, -1)))?.name
  }
  const here = isObject(body) ? toldIn([body['instructions'], body['input']]) : undefined
  if (here !== undefined) return here
  for (const item of context.toReversed()) {
    const before = TELLS.has(readRole(item) ?? '') ? toldIn(item) : undefined
    if (before !== undefined) return before
  }
  return undefined
}

/** The roles of messages that hold instructions. */
const TELLS: ReadonlySet<string> = new Set(['system', 'developer'])

/**
 * Returns the handoff tools in a request, each with its target agent. Returns undefined for an agent that is
 * another's tool, and for a team without handoffs.
 */
export function listOfferedHandoffs(
  team: readonly AgentSpec[],
  agent: string | undefined,
  body: Json | undefined,
): Record<string, string> | undefined {
  if (!hasHandoffs(team)) return undefined
  const asking = team.find(({ name }) => name === agent)
  if (asking === undefined || listAgentsUsedAsTools(team).has(asking.name)) return undefined
  const own = new Set(asking.tools.map(({ name }) => name))
  const names = listObjects(isObject(body) ? body['tools'] : undefined)
    .map(({ name }) => String(name))
    .filter((name) => !own.has(name))
  return Object.fromEntries(
    asking.handoffs.flatMap((to) => {
      const tool = findHandoffTool(to, names)
      return tool === undefined ? [] : [[tool, to]]
    }),
  )
}

/** Returns a function that tells whether a request was sent by an agent. */
export function createAgentCheck(team: readonly AgentSpec[]) {
  return (agent: string, { body, context }: ScriptRequest) => findAskingAgent(team, body, context) === agent
}

/** Returns the agents that have themselves as a tool. */
export function listAgentsThatAreOwnTools(team: readonly AgentSpec[]): ReadonlySet<string> {
  const isOwn = ({ name, tools }: AgentSpec) =>
    tools.some(({ does }) => does.some((act) => act.kind === 'agent' && act.agent === name))
  return new Set(team.filter(isOwn).map(({ name }) => name))
}

/** Returns the last user message in a context, or in the input of a body. A message that the runtime adds does not count. */
export function readLastUserText(seen: unknown): string {
  return listUserTexts(listSeenItems(seen)).at(-1) ?? ''
}
