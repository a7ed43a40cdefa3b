import type { Conversation, Plan, Stop, ToolAction, Turn } from '../harness/plan/types.ts'
import { type JsonObject, toCanonicalJson } from '../mocks/json.ts'
import { toPrintable } from '../mocks/printable.ts'
import type { Answer, Fault, Item } from '../mocks/service/types.ts'
import { countWithNoun } from './count-with-noun.ts'

/** Maximum length of a line, in characters. */
const MOST_CHARACTERS = 1_000

/** Returns a plan as a short script: what users say, what the model answers, which faults occur, and in which order. */
export function formatPlan(plan: Plan): string[] {
  const { conversations, delivery, mode, team } = plan
  const tools = team.flatMap((agent) => agent.tools.map((tool) => formatTool(agent.name, tool)))
  const toggles = mode.toggles?.map(({ step, to }) => `${to} from delivery step ${step}`) ?? []
  const sabotage = mode.sabotage
    ? [`its ${mode.sabotage.part} will ${mode.sabotage.does} at call ${mode.sabotage.nth}`]
    : []
  const lines = [
    ...formatTeam(plan),
    ...conversations.flatMap((conversation, number) => formatConversation(conversation, number)),
    ...tools,
    ...(mode.start === 'on' && toggles.length + sabotage.length === 0
      ? []
      : [`telemetry: ${[mode.start, ...toggles, ...sabotage].join(', ')}`]),
    ...(plan.service
      ? [
          `simulated service, where the real behaviour is unknown: ${toCanonicalJson(plan.service as JsonObject)}`,
        ]
      : []),
    ...(conversations.length > 1 && delivery.length > 0
      ? [`delivery order, by conversation: ${delivery.join(' ')}`]
      : []),
  ]
  // Names and codes come from the plan, so they are made printable as well.
  return lines.map((line) => toPrintable(line, MOST_CHARACTERS))
}

/** Returns which agents may hand off to which, and what ends a turn. Returns nothing for a single agent. */
function formatTeam({ team, flow }: Plan): string[] {
  const hands = team.filter(({ handoffs }) => handoffs.length > 0)
  const limits = Object.entries(flow?.turnLimits ?? {}).map(([name, most]) => `${name} ${most}`)
  const { agent, messages = 0 } = flow?.endAfter ?? {}
  return [
    ...hands.map(({ name, handoffs }) => `agent ${name} may hand off to ${handoffs.join(', ')}`),
    ...(limits.length > 0 ? [`maximum answers in a row: ${limits.join(', ')}`] : []),
    ...(agent === undefined ? [] : [`the run ends after ${countWithNoun(messages, 'message')} of ${agent}`]),
  ]
}

function formatConversation({ session, store, as, turns }: Conversation, number: number): string[] {
  const carried = `${session}${store ? '' : ', store: false'}${as === 'thread' ? ', in a thread' : ''}`
  return [
    `conversation ${number} (${carried})`,
    ...turns.flatMap((turn, at) => formatTurn(turn, at).map((line) => `  ${line}`)),
  ]
}

function formatTurn(
  { say, stream, answers, pull, stop, breaks, target, adds, cleanups }: Turn,
  at: number,
): string[] {
  const how = [
    stream ? 'streamed' : 'not streamed',
    ...(pull === 'same-context' ? [] : [pull]),
    ...(target === 'fresh-workflow' ? ['agents are rebuilt before it'] : []),
    ...(stop ? [formatStop(stop)] : []),
    ...(cleanups ? ['two cleanup hooks'] : []),
    ...(breaks ? [`hook ${breaks.hook} throws at call ${breaks.nth}`] : []),
  ]
  const added = adds === undefined ? [] : [`  a second context provider adds: ${quote(adds)}`]
  return [`turn ${at}, ${how.join(', ')}`, `  user: ${quote(say)}`, ...added, ...answers.map(formatAnswer)]
}

const stops: Record<Stop['how'], string> = {
  abort: 'the user aborts',
  return: 'the user returns from the stream',
  drop: 'the user stops reading',
}

function formatStop({ how, after, again }: Stop): string {
  const what = again ? `${stops[how]} twice` : stops[how]
  if ('nothing' in after) return `${what} before the run starts`
  if ('updates' in after) return `${what} after ${countWithNoun(after.updates, 'update')}`
  if ('toolStarts' in after) return `${what} after ${countWithNoun(after.toolStarts, 'tool start')}`
  return `${what} in request ${after.request} after ${countWithNoun(after.events, 'event')}`
}

function formatAnswer({ items, faults = [], agent, wire }: Answer): string {
  const spoiled = faults.map((fault, attempt) => `  [attempt ${attempt}: ${formatFault(fault)}]`).join('')
  const form = wire ? `  [wire: ${Object.keys(wire).join(', ')}]` : ''
  const to = agent === undefined ? '' : ` to ${agent}`
  return `  model${to}: ${items.map(formatItem).join(' + ')}${spoiled}${form}`
}

function formatItem(item: Item): string {
  switch (item.type) {
    case 'text':
      return quote(item.text)
    case 'refusal':
      return `refuses ${quote(item.text)}`
    case 'reasoning':
      return item.encrypted ? 'reasoning (encrypted)' : 'reasoning'
    case 'call':
      return `calls ${item.tool}(${toPrintable(toCanonicalJson(item.args), 80)})${item.wrong ? `, with wrong ${item.wrong}` : ''}`
    case 'handoff':
      return `hands off to ${item.to}`
  }
}

function formatFault(fault: Fault): string {
  const after = 'at' in fault ? `after ${countWithNoun(fault.at, 'event')}` : ''
  switch (fault.kind) {
    case 'http':
      return `HTTP ${fault.status}${fault.code ? ` ${fault.code}` : ''}`
    case 'refuse-connection':
      return 'connection refused'
    case 'error-event':
      return `error event (${fault.form}, ${fault.code}) ${after}`
    case 'failed':
      return `response.failed (${fault.code}) ${after}`
    case 'incomplete':
      return `response.incomplete (${fault.reason}) ${after}`
    case 'garbage':
      return `invalid event ${quote(fault.data)} ${after}`
    case 'eof':
      return `stream ends ${after}`
    case 'reset':
      return `connection lost ${after}`
    case 'stall':
      return `no further event ${after}`
  }
}

function formatTool(agent: string, { name, does }: { name: string; does: ToolAction[] }): string {
  return `tool ${name} of agent ${agent}: ${does.map(formatToolAct).join(', then ')}`
}

function formatToolAct(act: ToolAction): string {
  switch (act.kind) {
    case 'return':
      return `returns ${toPrintable(toCanonicalJson(act.value), 60)}${formatGate(act)}`
    case 'throw':
      return `throws ${quote(act.message)}${formatGate(act)}`
    case 'hang':
      return 'never returns'
    case 'agent':
      return `runs the agent ${act.agent}`
  }
}

function formatGate({ gated, ignoresSignal }: { gated?: true; ignoresSignal?: true }): string {
  if (!gated) return ''
  return ignoresSignal ? ' (in delivery order, also after a stop)' : ' (in delivery order)'
}

function quote(text: string): string {
  return `"${toPrintable(text, 90)}"`
}
