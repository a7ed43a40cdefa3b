import type { Answer, Fault, Item } from '../../mocks/service/types.ts'
import { planLimits } from './schema.ts'
import { leavesRunOpen, stopKinds } from './stop-kinds.ts'
import { handsOff, toolAgents } from './team.ts'
import type { AgentSpec, Plan, Pull, Turn } from './types.ts'

/** A place in a plan, and what is wrong there. */
export interface Contradiction {
  place: string
  found: string
  expected: string
}

/** What a plan of the right form says against itself; undefined where it can be run. */
export function contradictionIn(plan: Plan): Contradiction | undefined {
  return inTeam(plan.team) ?? inFlow(plan) ?? inSize(plan) ?? inTurns(plan)
}

function inTeam(team: readonly AgentSpec[]): Contradiction | undefined {
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
    if (stranger !== undefined) return { place: `${place}.handoffs`, found: stranger, expected: among(names) }
    const again = agent.handoffs.find((name, at) => agent.handoffs.indexOf(name) !== at)
    if (again !== undefined)
      return { place: `${place}.handoffs`, found: `${again} twice`, expected: 'each agent once' }
    if (agent.handoffs.includes(agent.name))
      return { place: `${place}.handoffs`, found: 'the agent itself', expected: 'another agent' }
    for (const { name, does } of agent.tools)
      for (const act of does)
        if (act.kind === 'agent' && !names.includes(act.agent))
          return { place: `${place}.tools.${name}`, found: act.agent, expected: among(names) }
  }
  return inTools(team)
}

/** Where agents hand off to one another, one that is a tool takes no part in it: who has the conversation must be plain. */
function inTools(team: readonly AgentSpec[]): Contradiction | undefined {
  const tools = toolAgents(team)
  const handedTo = new Set(team.flatMap(({ handoffs }) => handoffs))
  for (const [index, { name, handoffs }] of team.entries())
    if (tools.has(name) && (handedTo.has(name) || handoffs.length > 0))
      return {
        place: `team[${index}]`,
        found: `${name}, a tool that takes part in handoffs`,
        expected: 'one or the other',
      }
  return undefined
}

function inFlow({ flow, team }: Plan): Contradiction | undefined {
  if (flow === undefined) return undefined
  const names = team.map(({ name }) => name)
  const named = [...Object.keys(flow.turnLimits), ...(flow.endAfter ? [flow.endAfter.agent] : [])]
  const stranger = named.find((name) => !names.includes(name))
  if (stranger !== undefined) return { place: 'flow', found: stranger, expected: among(names) }
  if (!handsOff(team))
    return { place: 'flow', found: 'a team of which nobody hands off', expected: 'handoffs' }
  const numbers = [...Object.values(flow.turnLimits), ...(flow.endAfter ? [flow.endAfter.messages] : [])]
  return numbers.includes(0) ? { place: 'flow', found: '0', expected: 'at least 1' } : undefined
}

function inSize({ conversations }: Plan): Contradiction | undefined {
  const turns = conversations.reduce((sum, { turns }) => sum + turns.length, 0)
  if (turns <= planLimits.turns) return undefined
  return { place: 'conversations', found: `${turns} turns`, expected: `at most ${planLimits.turns}` }
}

function inTurns({ team, conversations }: Plan): Contradiction | undefined {
  const tools = team.flatMap((agent) => agent.tools)
  const known = new Set(tools.map(({ name }) => name))
  const hanging = new Set(
    tools.filter(({ does }) => does.some(({ kind }) => kind === 'hang')).map(({ name }) => name),
  )
  const agents = team.map(({ name }) => name)
  const handedTo = (from: string | undefined) =>
    team.flatMap(({ name, handoffs }) => (from === undefined || from === name ? handoffs : []))
  for (const [line, { turns }] of conversations.entries())
    for (const [number, turn] of turns.entries()) {
      const place = `conversations[${line}].turns[${number}]`
      const wrongTurn = inTurn(turn, number === turns.length - 1)
      if (wrongTurn !== undefined) return { place, ...wrongTurn }
      for (const [index, answer] of turn.answers.entries()) {
        const wrong =
          inItems(answer.items, known, handedTo(answer.agent)) ??
          inFaults(answer, turn) ??
          (answer.agent === undefined || agents.includes(answer.agent)
            ? undefined
            : { found: answer.agent, expected: among(agents) }) ??
          unstopped(answer, turn, hanging)
        if (wrong !== undefined) return { place: `${place}.answers[${index}]`, ...wrong }
      }
    }
  return undefined
}

type Wrong = Omit<Contradiction, 'place'>

/** Ways of pulling that mean something where there is no stream: to await the outcome. */
const pullsOfJson: readonly Pull[] = ['same-context', 'final-only']

/** What a turn's consumer cannot do: nothing can be pulled of a JSON answer, nor returned by who never pulls. */
function inTurn({ stream, pull, stop }: Turn, last: boolean): Wrong | undefined {
  if (!stream && !pullsOfJson.includes(pull))
    return { found: `pull ${pull} of a turn without stream`, expected: among(pullsOfJson) }
  if (stop === undefined) return undefined
  if (!stream && stopKinds[stop.how].by !== 'signal')
    return { found: `stop ${stop.how} of a turn without stream`, expected: 'abort' }
  if (!stopKinds[stop.how].worksWhileHeld && pull === 'final-only')
    return { found: `stop ${stop.how} with pull final-only`, expected: 'a pull that iterates' }
  if (leavesRunOpen(stop) && !last)
    return {
      found: `stop ${stop.how} before another turn`,
      expected: 'it in the last turn of its conversation',
    }
  return undefined
}

function inItems(
  items: readonly Item[],
  tools: ReadonlySet<string>,
  handedTo: readonly string[],
): Wrong | undefined {
  for (const item of items) {
    if (item.type === 'call' && !tools.has(item.tool))
      return { found: `a call of ${item.tool}`, expected: `a tool of the team: ${among([...tools])}` }
    if (item.type === 'handoff' && !handedTo.includes(item.to))
      return { found: `a handoff to ${item.to}`, expected: `one that is in handoffs: ${among(handedTo)}` }
  }
  return undefined
}

function inFaults({ faults = [] }: Answer, { stream }: Turn): Wrong | undefined {
  if (stream || !faults.some(({ kind }) => kind === 'error-event')) return undefined
  return { found: 'an error-event on a JSON answer', expected: 'a fault that JSON can have' }
}

/**
 * A stall and a hanging tool wait for ever, so the turn must have a stop that comes true before them or while they last.
 * A consumer that waits in `next()` cannot return.
 */
function unstopped(answer: Answer, { stop }: Turn, hanging: ReadonlySet<string>): Wrong | undefined {
  const stalls = answer.faults?.some(({ kind }: Fault) => kind === 'stall') ?? false
  const hangs = answer.items.some((item) => item.type === 'call' && hanging.has(item.tool))
  if ((!stalls && !hangs) || (stop && stopKinds[stop.how].worksWhileHeld)) return undefined
  return {
    found: stalls ? 'a stall' : 'a tool that hangs',
    expected: 'a stop of kind abort or drop in its turn',
  }
}

function among(names: readonly string[]): string {
  return names.length === 0 ? 'none' : `one of ${names.join(', ')}`
}
