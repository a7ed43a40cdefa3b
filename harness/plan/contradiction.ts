import { refuseCreateBody } from '../../mocks/request-rules/create-body.ts'
import { factOptions } from '../../mocks/service/options.ts'
import type { Answer, Item } from '../../mocks/service/types.ts'
import { findHold, listHangingTools } from './held.ts'
import { isMessage } from './item-kinds.ts'
import { planLimits } from './schema.ts'
import { leavesRunOpen, stopKinds } from './stop-kinds.ts'
import { hasHandoffs, listAgentsUsedAsTools } from './team.ts'
import type { AgentSpec, Plan, Pull, Turn } from './types.ts'

/** A part of a plan that contradicts another part. */
export interface Contradiction {
  place: string
  found: string
  expected: string
}

/** Returns the first contradiction in a plan that fits the schema, or undefined if the plan can be run. */
export function findContradiction(plan: Plan): Contradiction | undefined {
  return checkTeam(plan.team) ?? checkSettings(plan) ?? checkFlow(plan) ?? checkSize(plan) ?? checkTurns(plan)
}

/** A runtime cannot be blamed if the service refuses what the plan itself sets. */
function checkSettings({ team, service }: Plan): Contradiction | undefined {
  const options = factOptions.parse(service ?? {})
  for (const [index, { settings }] of team.entries()) {
    if (settings === undefined) continue
    const body = { model: 'gpt-5.1', input: 'Hello', ...settings }
    const refusal = refuseCreateBody({ body, models: undefined, options })
    if (refusal !== undefined)
      return {
        place: `team[${index}].settings`,
        found: refusal.message,
        expected: 'parameters that the service accepts',
      }
  }
  return undefined
}

function checkTeam(team: readonly AgentSpec[]): Contradiction | undefined {
  const names = team.map(({ name }) => name)
  for (const [index, agent] of team.entries()) {
    const place = `team[${index}]`
    if (names.indexOf(agent.name) !== index)
      return { place: `${place}.name`, found: agent.name, expected: 'a name of its own' }
    const tools = agent.tools.map(({ name }) => name)
    const twice = tools.find((name, at) => tools.indexOf(name) !== at)
    if (twice !== undefined)
      return { place: `${place}.tools`, found: `${twice} twice`, expected: 'each tool once' }
    const stranger = agent.handoffs.find((name) => !names.includes(name))
    if (stranger !== undefined)
      return { place: `${place}.handoffs`, found: stranger, expected: formatChoices(names) }
    const again = agent.handoffs.find((name, at) => agent.handoffs.indexOf(name) !== at)
    if (again !== undefined)
      return { place: `${place}.handoffs`, found: `${again} twice`, expected: 'each agent once' }
    if (agent.handoffs.includes(agent.name))
      return { place: `${place}.handoffs`, found: 'the agent itself', expected: 'another agent' }
    for (const { name, does } of agent.tools)
      for (const act of does)
        if (act.kind === 'agent' && !names.includes(act.agent))
          return { place: `${place}.tools.${name}`, found: act.agent, expected: formatChoices(names) }
        else if ('ignoresSignal' in act && act.ignoresSignal && !act.gated)
          return {
            place: `${place}.tools.${name}`,
            found: 'ignoresSignal without a gate',
            expected: 'gated: true',
          }
  }
  return checkAgentTools(team)
}

/** An agent that is a tool must not take part in handoffs, or it would be unclear which agent has the conversation. */
function checkAgentTools(team: readonly AgentSpec[]): Contradiction | undefined {
  const tools = listAgentsUsedAsTools(team)
  const handedTo = new Set(team.flatMap(({ handoffs }) => handoffs))
  for (const [index, { name, handoffs }] of team.entries())
    if (tools.has(name) && (handedTo.has(name) || handoffs.length > 0))
      return {
        place: `team[${index}]`,
        found: `${name}, an agent that is a tool and takes part in handoffs`,
        expected: 'one or the other',
      }
  return undefined
}

function checkFlow({ flow, team }: Plan): Contradiction | undefined {
  if (flow === undefined) return undefined
  const names = team.map(({ name }) => name)
  const named = [...Object.keys(flow.turnLimits), ...(flow.endAfter ? [flow.endAfter.agent] : [])]
  const stranger = named.find((name) => !names.includes(name))
  if (stranger !== undefined) return { place: 'flow', found: stranger, expected: formatChoices(names) }
  if (!hasHandoffs(team))
    return { place: 'flow', found: 'a team without handoffs', expected: 'an agent with handoffs' }
  const numbers = [...Object.values(flow.turnLimits), ...(flow.endAfter ? [flow.endAfter.messages] : [])]
  return numbers.includes(0) ? { place: 'flow', found: '0', expected: 'at least 1' } : undefined
}

function checkSize({ conversations }: Plan): Contradiction | undefined {
  const turns = conversations.reduce((sum, { turns }) => sum + turns.length, 0)
  if (turns <= planLimits.turns) return undefined
  return { place: 'conversations', found: `${turns} turns`, expected: `at most ${planLimits.turns}` }
}

function checkTurns({ team, conversations }: Plan): Contradiction | undefined {
  const known = new Set(team.flatMap(({ tools }) => tools.map(({ name }) => name)))
  const hanging = listHangingTools(team)
  const agents = team.map(({ name }) => name)
  const handedTo = (from: string | undefined) =>
    team.flatMap(({ name, handoffs }) => (from === undefined || from === name ? handoffs : []))
  for (const [line, { turns }] of conversations.entries())
    for (const [number, turn] of turns.entries()) {
      const place = `conversations[${line}].turns[${number}]`
      const wrongTurn = checkTurn(turn, number === turns.length - 1) ?? checkLimit(turn, team)
      if (wrongTurn !== undefined) return { place, ...wrongTurn }
      for (const [index, answer] of turn.answers.entries()) {
        const wrong =
          checkItems(answer.items, known, handedTo(answer.agent)) ??
          checkFaults(answer, turn) ??
          (answer.agent === undefined || agents.includes(answer.agent)
            ? undefined
            : { found: answer.agent, expected: formatChoices(agents) }) ??
          checkHeldAnswer(answer, turn, hanging)
        if (wrong !== undefined) return { place: `${place}.answers[${index}]`, ...wrong }
      }
    }
  return undefined
}

type Mismatch = Omit<Contradiction, 'place'>

/** The pulls that fit a turn without a stream. They only wait for the outcome. */
const jsonPulls: readonly Pull[] = ['same-context', 'final-only']

/** Checks that the turn's `pull` and `stop` fit each other and fit `stream`. */
function checkTurn({ stream, pull, stop }: Turn, last: boolean): Mismatch | undefined {
  if (!stream && !jsonPulls.includes(pull))
    return { found: `pull ${pull} of a turn without stream`, expected: formatChoices(jsonPulls) }
  if (stop === undefined) return undefined
  if (!stream && stopKinds[stop.how].by !== 'signal')
    return { found: `stop ${stop.how} of a turn without stream`, expected: 'abort' }
  if (stopKinds[stop.how].needsPulls && pull === 'final-only')
    return { found: `stop ${stop.how} with pull final-only`, expected: 'a pull that iterates' }
  if ('nothing' in stop.after && stop.how !== 'abort')
    return { found: `stop ${stop.how} after nothing`, expected: 'abort' }
  if (stop.again && (stop.how === 'drop' || !stream || pull === 'final-only'))
    return {
      found: `stop ${stop.how} and again, with pull ${pull}`,
      expected: 'a stop of a consumer that iterates and holds its stream',
    }
  if (leavesRunOpen(stop) && !last)
    return {
      found: `stop ${stop.how} before another turn`,
      expected: 'this stop only in the last turn of a conversation',
    }
  return undefined
}

/** Several agents that hand off to one another may count their answers together or each for itself. */
function checkLimit({ limit }: Turn, team: readonly AgentSpec[]): Mismatch | undefined {
  if (limit === undefined || !hasHandoffs(team)) return undefined
  return {
    found: `limit ${limit} in a team with handoffs`,
    expected: 'a limit in a team without handoffs only',
  }
}

function checkItems(
  items: readonly Item[],
  tools: ReadonlySet<string>,
  handedTo: readonly string[],
): Mismatch | undefined {
  for (const [at, item] of items.entries()) {
    if ('sameMessage' in item && !isMessage(items[at - 1]))
      return {
        found: `a ${item.type} of the same message without one before it`,
        expected: 'a text or refusal before it',
      }
    if (item.type === 'call' && !tools.has(item.tool))
      return {
        found: `a call of ${item.tool}`,
        expected: `a call of a tool of the team: ${formatChoices([...tools])}`,
      }
    if (item.type === 'handoff' && !handedTo.includes(item.to))
      return {
        found: `a handoff to ${item.to}`,
        expected: `one that is in handoffs: ${formatChoices(handedTo)}`,
      }
  }
  return undefined
}

function checkFaults({ faults = [] }: Answer, { stream }: Turn): Mismatch | undefined {
  if (stream || !faults.some(({ kind }) => kind === 'error-event')) return undefined
  return { found: 'an error-event on a JSON answer', expected: 'a fault that JSON can have' }
}

/** Checks that a turn with a stall or a hanging tool has a stop that ends the wait, which else lasts forever. */
function checkHeldAnswer(answer: Answer, { stop }: Turn, hanging: ReadonlySet<string>): Mismatch | undefined {
  const found = stop === undefined ? findHold(answer, hanging) : undefined
  return found && { found, expected: 'a stop in its turn' }
}

function formatChoices(names: readonly string[]): string {
  return names.length === 0 ? 'none' : `one of ${names.join(', ')}`
}
