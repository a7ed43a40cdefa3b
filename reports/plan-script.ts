import type { Conversation, Plan, Stop, ToolAct, Turn } from '../harness/plan/types.ts'
import { canonical, type JsonObject } from '../mocks/json.ts'
import { printable } from '../mocks/printable.ts'
import type { Answer, Fault, Item } from '../mocks/service/types.ts'

/** The longest line, in characters. */
const LONGEST = 1_000

/** A plan as a short script: who says what, what the model answers, what goes wrong where, in which order. */
export function planScript(plan: Plan): string[] {
  const { conversations, delivery, mode, team } = plan
  const tools = team.flatMap((agent) => agent.tools.map((tool) => toolLine(agent.name, tool)))
  const toggles = mode.toggles?.map(({ step, to }) => `${to} from step ${step}`) ?? []
  const sabotage = mode.sabotage
    ? [`${mode.sabotage.part} ${mode.sabotage.does} (use ${mode.sabotage.nth})`]
    : []
  const lines = [
    ...teamLines(plan),
    ...conversations.flatMap((conversation, number) => conversationLines(conversation, number)),
    ...tools,
    ...(mode.start === 'on' && toggles.length + sabotage.length === 0
      ? []
      : [`telemetry ${[mode.start, ...toggles, ...sabotage].join(', ')}`]),
    ...(plan.service
      ? [`where nothing is known the service has ${canonical(plan.service as JsonObject)}`]
      : []),
    ...(conversations.length > 1 && delivery.length > 0 ? [`delivery ${delivery.join(' ')}`] : []),
  ]
  // Names and codes are the plan's own, too.
  return lines.map((line) => printable(line, LONGEST))
}

/** Who may hand the conversation to whom, and when a turn ends; nothing of an agent alone. */
function teamLines({ team, flow }: Plan): string[] {
  const hands = team.filter(({ handoffs }) => handoffs.length > 0)
  const limits = Object.entries(flow?.turnLimits ?? {}).map(([name, most]) => `${name} ${most}`)
  const { agent, messages } = flow?.endAfter ?? {}
  return [
    ...hands.map(({ name, handoffs }) => `agent ${name} may hand off to ${handoffs.join(', ')}`),
    ...(limits.length > 0 ? [`answers in a row at most: ${limits.join(', ')}`] : []),
    ...(agent === undefined ? [] : [`ends when ${agent} has said ${messages} messages`]),
  ]
}

function conversationLines({ session, store, as, turns }: Conversation, number: number): string[] {
  const carried = `${session}${store ? '' : ', store: false'}${as === 'thread' ? ', in a thread' : ''}`
  return [
    `conversation ${number} (${carried})`,
    ...turns.flatMap((turn, at) => turnLines(turn, at).map((line) => `  ${line}`)),
  ]
}

function turnLines({ say, stream, answers, pull, stop, breaks, target }: Turn, at: number): string[] {
  const how = [
    stream ? 'streamed' : 'not streamed',
    ...(pull === 'same-context' ? [] : [pull]),
    ...(target === 'fresh-workflow' ? ['agents built anew'] : []),
    ...(stop ? [stopText(stop)] : []),
    ...(breaks ? [`hook ${breaks.hook} throws (call ${breaks.nth})`] : []),
  ]
  return [`turn ${at}, ${how.join(', ')}`, `  user: ${quoted(say)}`, ...answers.map(answerLine)]
}

function stopText({ how, after }: Stop): string {
  if ('updates' in after) return `${how} after ${after.updates} updates`
  if ('toolStarts' in after) return `${how} after ${after.toolStarts} tool starts`
  return `${how} in request ${after.request} after ${after.events} events`
}

function answerLine({ items, faults = [], agent, wire }: Answer): string {
  const spoiled = faults.map((fault, attempt) => `  [attempt ${attempt}: ${faultText(fault)}]`).join('')
  const form = wire ? `  [wire: ${Object.keys(wire).join(', ')}]` : ''
  const to = agent === undefined ? '' : ` to ${agent}`
  return `  model${to}: ${items.map(itemText).join(' + ')}${spoiled}${form}`
}

function itemText(item: Item): string {
  switch (item.type) {
    case 'text':
      return quoted(item.text)
    case 'refusal':
      return `refuses ${quoted(item.text)}`
    case 'reasoning':
      return item.encrypted ? 'reasoning (encrypted)' : 'reasoning'
    case 'call':
      return `calls ${item.tool}(${printable(canonical(item.args), 80)})`
    case 'handoff':
      return `hands off to ${item.to}`
  }
}

function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'http':
      return `HTTP ${fault.status}${fault.code ? ` ${fault.code}` : ''}`
    case 'refuse-connection':
      return 'connection refused'
    case 'error-event':
      return `error event (${fault.form}, ${fault.code}) after ${fault.at} events`
    case 'failed':
      return `response.failed (${fault.code}) after ${fault.at} events`
    case 'incomplete':
      return `response.incomplete (${fault.reason}) after ${fault.at} events`
    case 'garbage':
      return `garbage ${quoted(fault.data)} after ${fault.at} events`
    default:
      return `${{ eof: 'end of stream', reset: 'connection lost', stall: 'silence' }[fault.kind]} after ${fault.at} events`
  }
}

function toolLine(agent: string, { name, does }: { name: string; does: ToolAct[] }): string {
  const acts = does.map((act) => {
    if (act.kind === 'return')
      return `gives ${printable(canonical(act.value), 60)}${act.gated ? ' (gated)' : ''}`
    if (act.kind === 'throw') return `throws ${quoted(act.message)}`
    return act.kind === 'hang' ? 'hangs' : `is the agent ${act.agent}`
  })
  return `tool ${name} of ${agent}: ${acts.join(', then ')}`
}

function quoted(text: string): string {
  return `"${printable(text, 90)}"`
}
