import type { AgentSpec, Conversation, Plan, SessionMode, ToolSpec, Turn } from '../../harness/plan/types.ts'
import type { Repro } from '../../harness/repro/code.ts'
import { formatLiteral } from '../../harness/repro/literal.ts'

/** The source code with which a user of the SDK would run a plan's conversations. */
export const repro: Repro = {
  packages: ['@openai/agents', 'openai'],
  code: (plan) => ({ imports, body: buildBody(plan) }),
}

const imports = `import { Agent, MemorySession, OpenAIProvider, Runner, setTraceProcessors, tool, user } from '@openai/agents'
import OpenAI from 'openai'`

function buildBody(plan: Plan): string {
  const stores = [...new Set(plan.conversations.map(({ store }) => store))]
  return [
    buildTelemetryCode(plan),
    buildHooksCode(plan),
    ...stores.map((store) => buildTeamCode(plan, store)),
    runCode,
    ...plan.conversations.map((conversation, number) => buildConversationCode(conversation, number)),
    buildStartCode(plan.conversations.length),
  ].join('\n\n')
}

/** Returns the code that creates the runner, and a trace processor that records traces and spans. */
function buildTelemetryCode({ mode: { start, sabotage } }: Plan): string {
  const breaks = sabotage ? formatLiteral(sabotage) : 'undefined'
  return `// A trace processor that records traces and spans${sabotage ? ', and fails once' : ''}.
const sabotage: { part: string; does: string; nth: number } | undefined = ${breaks}
const used = { 'span-start': 0, 'span-end': 0 }
function tell(part: 'span-start' | 'span-end', id: string, span: Parameters<typeof watch.setSpan>[1]) {
  const strikes = sabotage?.part === part && used[part]++ === sabotage.nth
  if (strikes && sabotage?.does === 'throw') throw new Error(\`conformance: \${part} throws\`)
  if (!strikes || sabotage?.does !== 'drop') watch.setSpan(id, span)
}
function told(span: any, fate: 'open' | 'ended' | 'failed') {
  const { spanData: held, parentId, traceId } = span
  const usage = held.type === 'response' ? held._response?.usage : held.type === 'generation' ? held.usage : undefined
  const { input_tokens: input, output_tokens: output } = usage ?? {}
  const ended = fate === 'open' ? {} : { input, output }
  return { name: nameOf(held), fate, parent: parentId ?? traceId, data: fate === 'open' ? '' : JSON.stringify(held), ...ended }
}
function nameOf(data: { type: string; name?: string }): string {
  if (data.type === 'agent') return \`invoke_agent \${data.name}\`
  if (data.type === 'function') return \`execute_tool \${data.name}\`
  return data.type === 'response' || data.type === 'generation' ? 'chat' : data.type
}
setTraceProcessors([
  {
    onTraceStart: async ({ traceId, name }) =>
      tell('span-start', traceId, { name: \`trace \${name}\`, fate: 'open', parent: undefined, data: '' }),
    onTraceEnd: async ({ traceId, name }) =>
      tell('span-end', traceId, { name: \`trace \${name}\`, fate: 'ended', parent: undefined, data: '' }),
    onSpanStart: async (span) => tell('span-start', span.spanId, told(span, 'open')),
    onSpanEnd: async (span) => tell('span-end', span.spanId, told(span, span.error ? 'failed' : 'ended')),
    shutdown: async () => {},
    forceFlush: async () => {},
  },
])

const client = new OpenAI({ apiKey: 'sk-none' })
const runner = new Runner({
  modelProvider: new OpenAIProvider({ openAIClient: client, useResponses: true }),
  tracingDisabled: ${start === 'off'},
  traceIncludeSensitiveData: ${start === 'sensitive'},
})`
}

function buildHooksCode(plan: Plan): string {
  const breaks = plan.conversations.flatMap(({ turns }, conversation) =>
    turns.flatMap(({ breaks }, turn) => (breaks ? [{ run: `c${conversation}.t${turn}`, ...breaks }] : [])),
  )
  const throwing =
    breaks.length === 0
      ? ''
      : `
const breaks = ${formatLiteral(breaks)}
const called = new Map<string, number>()`
  const check =
    breaks.length === 0
      ? ''
      : `
  const nth = called.get(\`\${run} \${name}\`) ?? 0
  called.set(\`\${run} \${name}\`, nth + 1)
  if (breaks.some((one) => one.run === run && one.hook === name && one.nth === nth))
    throw new Error(\`conformance: hook \${name} throws\`)`
  return `interface Mark {
  run: string
  signal: AbortSignal
  ended: boolean
}${throwing}
function hook(run: string, name: string) {
  watch.addHook(run, name)${check}
}
runner.on('agent_start', (context) => hook((context.context as Mark).run, 'before_run'))
runner.on('agent_end', (context) => {
  const mark = context.context as Mark
  hook(mark.run, 'after_run')
  mark.ended = true
})`
}

const formatAgentName = (index: number, store: boolean) => `agent${index}${store ? '' : 'Unstored'}`

function buildTeamCode({ team }: Plan, store: boolean): string {
  const indexOf = (name: string) => team.findIndex((agent) => agent.name === name)
  const made = team.map((agent, index) => buildAgentCode(agent, formatAgentName(index, store), store))
  const filled = team.flatMap((agent, index) => [
    ...agent.tools.map((spec) => {
      const [act] = spec.does
      const code =
        act?.kind === 'agent'
          ? buildAgentToolCode(spec, formatAgentName(indexOf(act.agent), store))
          : buildToolCode(spec, agent.name)
      return `${formatAgentName(index, store)}.tools.push(${code})`
    }),
    ...agent.handoffs.map(
      (to) => `${formatAgentName(index, store)}.handoffs.push(${formatAgentName(indexOf(to), store)})`,
    ),
  ])
  return [...made, ...filled].join('\n')
}

function buildAgentCode(
  { name, instructions, settings }: AgentSpec,
  variable: string,
  store: boolean,
): string {
  const include = store ? {} : { include: ['reasoning.encrypted_content'] }
  return `const ${variable} = new Agent<Mark>({
  name: ${formatLiteral(name)},
  instructions: ${formatLiteral(instructions)},
  model: 'gpt-5.1',
  modelSettings: { store: ${store}, providerData: ${formatLiteral({ ...include, ...settings })} },
})`
}

function buildAgentToolCode({ name, description = '', parameters }: ToolSpec, nested: string): string {
  return `${nested}.asTool({
  toolName: ${formatLiteral(name)},
  toolDescription: ${formatLiteral(description)},
  parameters: ${formatLiteral(parameters)} as never,
})`
}

function buildToolCode({ name, description = '', parameters, does }: ToolSpec, agent: string): string {
  return `
  tool({
    name: ${formatLiteral(name)},
    description: ${formatLiteral(description)},
    parameters: ${formatLiteral(parameters)} as never,
    strict: false,
    execute: async (_args, context, details) => {
      const { run, signal } = (context as { context: Mark }).context
      return callTool(run, ${formatLiteral(agent)}, ${formatLiteral(name)}, ${formatLiteral(does)}, details?.signal ?? signal)
    },
  }),
`
}

const runCode = `async function turn(
  run: string,
  start: (options: { context: Mark; signal: AbortSignal; maxTurns: number }) => Promise<any>,
  { stream, iterate, stop, limit = Number.MAX_SAFE_INTEGER, updates = Number.POSITIVE_INFINITY }: { stream: boolean; iterate: boolean; stop?: string; limit?: number; updates?: number },
): Promise<any> {
  const aborting = new AbortController()
  const mark: Mark = { run, signal: aborting.signal, ended: false }
  watch.beginRun(run)
  const stopped = stop === undefined ? undefined : order.waitForTurn(\`stop \${run}\`)
  if (stop === 'abort') void stopped?.then(() => aborting.abort())
  const dropped = stop === 'drop' ? stopped?.then(() => 'dropped' as const) : undefined
  let result: any
  const usage = (of: any) =>
    of?.state ? { input: of.state.usage.inputTokens, output: of.state.usage.outputTokens } : undefined
  try {
    const begun = start({ context: mark, signal: aborting.signal, maxTurns: limit })
    if (stream && iterate) {
      result = await begun
      const events = result[Symbol.asyncIterator]()
      for (let taken = 0; ; taken++) {
        if (taken >= updates && stop === 'return') {
          await events.return?.()
          break
        }
        const next = await (dropped === undefined ? events.next() : Promise.race([events.next(), dropped]))
        if (next === 'dropped') return undefined
        if (next.done) break
        const { type, data } = next.value
        if (type === 'raw_model_stream_event' && data.type === 'output_text_delta') watch.addText(run, data.delta)
      }
    }
    result = await (dropped === undefined ? begun : Promise.race([begun, dropped]))
    if (result === 'dropped') return undefined
    if (stream) await (dropped === undefined ? result.completed : Promise.race([result.completed, dropped]))
    if (stream && result.cancelled && !mark.ended) watch.endRun(run, 'stopped', '', usage(result))
    else {
      watch.endRun(run, 'completed', typeof result.finalOutput === 'string' ? result.finalOutput : JSON.stringify(result.finalOutput ?? ''), usage(result))
      return result
    }
  } catch (error) {
    watch.endRun(run, aborting.signal.aborted ? 'stopped' : 'failed', error, usage(result) ?? usage(error))
  }
  return undefined
}`

/** The code that carries a conversation from turn to turn: before the first turn, the input and options of a turn, and after it. */
const carrying: Record<
  SessionMode,
  { before: string; input: (say: string) => string; with: string; after: string }
> = {
  history: {
    before: 'let history: any[] = []',
    input: (say) => `[...history, user(${say})]`,
    with: '',
    after: 'if (result) history = result.history',
  },
  'previous-response': {
    before: 'let previousResponseId: string | undefined',
    input: (say) => say,
    with: ', ...(previousResponseId ? { previousResponseId } : {})',
    after: 'if (result) previousResponseId = result.lastResponseId',
  },
  'conversation-object': {
    before: 'const { id: conversationId } = await client.conversations.create()',
    input: (say) => say,
    with: ', conversationId',
    after: '',
  },
  'runtime-default': {
    before: 'const session = new MemorySession()',
    input: (say) => say,
    with: ', session',
    after: '',
  },
}

function buildConversationCode({ session, store, turns }: Conversation, number: number): string {
  const carried = carrying[session]
  const lines = turns.flatMap((turn, at) => [
    `result = await turn(`,
    `  'c${number}.t${at}',`,
    `  (options) => runner.run(${formatAgentName(0, store)}, ${carried.input(formatLiteral(turn.say))}, { ...options${carried.with}${turn.stream ? ', stream: true' : ''} } as any),`,
    `  ${formatLiteral(describePull(turn))},`,
    ')',
    ...(carried.after === '' ? [] : [carried.after]),
  ])
  return [
    `async function conversation${number}() {`,
    `  ${carried.before}`,
    '  let result: any',
    ...lines.map((line) => `  ${line}`),
    '  return result',
    '}',
  ].join('\n')
}

function describePull({ stream, pull, stop, limit }: Turn) {
  const updates = stop && 'updates' in stop.after ? { updates: stop.after.updates } : {}
  return {
    stream,
    iterate: pull !== 'final-only',
    ...(stop ? { stop: stop.how, ...updates } : {}),
    ...(limit === undefined ? {} : { limit }),
  }
}

function buildStartCode(count: number): string {
  const numbers = Array.from({ length: count }, (_, number) => number)
  return [
    'const having: Promise<unknown>[] = []',
    ...numbers.flatMap((number) => [`having.push(conversation${number}())`, 'await order.waitForQuiet()']),
    'await Promise.all(having)',
  ].join('\n')
}
