import { isObject, type Json, type JsonObject, listObjects } from '../../../mocks/json.ts'
import { findHandoffTool } from '../../../mocks/service/adapt.ts'
import type { ScriptRequest } from '../../../mocks/service/script.ts'
import { readItemText, readRole } from '../../history/items.ts'
import { findCanaries } from '../../plan/canary.ts'
import { hasHandoffs, listAgentsUsedAsTools } from '../../plan/team.ts'
import type { AgentSpec, Plan } from '../../plan/types.ts'

/** Whose a request is, and whose texts it carries. Where the two differ, that is cross-talk, and both are kept. */
export interface Attribution {
  /** The conversation that caused it; null where nothing decides. */
  conversation: number | null
  /** The conversations whose canaries stand in it. */
  carries: readonly number[]
}

/**
 * Which conversation of the plan each canary stands in. It is looked up, not read off the canary: a plan that was made
 * smaller keeps its texts while its conversations move up.
 */
export function indexCanaries({ conversations }: Plan): ReadonlyMap<string, number> {
  const owners = new Map<string, number>()
  for (const [index, conversation] of conversations.entries())
    for (const text of collectTexts(conversation))
      for (const token of findCanaries(text)) owners.set(token, index)
  return owners
}

/** Every text that stands in a JSON value. */
function collectTexts(value: unknown, texts: string[] = []): string[] {
  if (typeof value === 'string') texts.push(value)
  else if (typeof value === 'object' && value !== null)
    for (const held of Object.values(value)) collectTexts(held, texts)
  return texts
}

/**
 * Lays a request to a conversation: by the canaries in it, where they are of one conversation only, else by the
 * conversation whose gate was opened last, for what is seen in a step was caused by it.
 */
export function attributeToConversation(
  context: unknown,
  canaries: ReadonlyMap<string, number>,
  cause: number | null,
): Attribution {
  const found = new Set<number>()
  for (const text of collectTexts(context))
    for (const token of findCanaries(text)) {
      const owner = canaries.get(token)
      if (owner !== undefined) found.add(owner)
    }
  const carries = [...found].sort((a, b) => a - b)
  const [only] = carries
  return { conversation: carries.length === 1 && only !== undefined ? only : cause, carries }
}

/**
 * The agent that asks: the only one of the team, or the one whose instructions stand in the request. A request that continues
 * a response may leave them to its context, where those that were told last count.
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
 * The tools in a request by which its agent can hand the conversation on, each with the agent that it hands to. Undefined
 * for an agent that is another's tool, and in a team of which nobody hands off.
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

/** Whether a request is of an agent, by the same rule. */
export function createAgentCheck(team: readonly AgentSpec[]) {
  return (agent: string, { body, context }: ScriptRequest) => findAskingAgent(team, body, context) === agent
}

/** The agents that are tools of their own. */
export function listAgentsThatAreOwnTools(team: readonly AgentSpec[]): ReadonlySet<string> {
  const isOwn = ({ name, tools }: AgentSpec) =>
    tools.some(({ does }) => does.some((act) => act.kind === 'agent' && act.agent === name))
  return new Set(team.filter(isOwn).map(({ name }) => name))
}

/** What the user says last in a context, or in the input of a body. */
export function readLastUserText(seen: unknown): string {
  const input = isObject(seen) ? seen['input'] : seen
  if (typeof input === 'string') return input
  const said = listObjects(input).findLast((item) => readRole(item) === 'user')
  return said === undefined ? '' : readItemText(said)
}
