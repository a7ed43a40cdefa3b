import * as otel from '@opentelemetry/api'
import OpenAI from 'openai'
import type { AgentSpec, ToolSpec } from '../../harness/plan/types.ts'
import {
  errorShape,
  type Outcome,
  type Run,
  type RunRequest,
  type Runtime,
  type Team,
  type Update,
  type World,
} from '../../harness/runtime.ts'
import type { Json } from '../../mocks/json.ts'
import { Agent, type AgentRun } from './agent.ts'
import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import type { ContextProvider, RunContext } from './context-provider.ts'
import type { Ending } from './ending.ts'
import { type Parts, soundParts } from './parts.ts'
import { AgentSession, type MemoryKind } from './session.ts'
import { AgentTelemetry } from './telemetry/agent-telemetry.ts'
import type { FunctionTool } from './tools.ts'

const MODEL = 'gpt-5.1'

/** What the adapter hands to each run, so that hooks and tools can tell whose they are. */
interface RunMark {
  run: string
}

/** The runtime that this project ships. */
export const runtime: Runtime = { ...runtimeOf(), deterministic: true }

/** The runtime with some of its parts replaced; they are made for each team, so that what they hold is that team's. */
export function runtimeOf(parts: () => Partial<Parts> = () => ({})): Runtime {
  return {
    name: 'reference',
    version: '0.1.0',
    supports: new Set([
      ...(['stream', 'tools', 'parallel-tools', 'agent-tool'] as const),
      ...(['spans', 'semconv', 'content', 'toggle'] as const),
      ...(['before_run', 'after_run', 'transform', 'result', 'cleanup'] as const),
      ...(['history', 'previous-response', 'conversation-object', 'runtime-default'] as const),
      ...(['same-context', 'new-context-per-pull', 'handed-over-midway', 'timeout-per-pull'] as const),
      ...(['final-only', 'iterate-then-final'] as const),
      ...(['abort', 'return', 'drop'] as const),
    ]),
    hooks: {
      'ContextProvider.beforeRun': {
        means: 'before_run',
        docs: 'Called once, before the first request of a run.',
      },
      'ContextProvider.afterRun': {
        means: 'after_run',
        docs: "Called once, as the last of a run's hooks, when the model's last answer has come, whole or incomplete: never for a run that failed or was stopped.",
      },
      'ResponseStream.withTransformHook': {
        means: 'transform',
        docs: 'Called with each update, in the order of registration; gives what is delivered. What it throws fails the stream.',
      },
      'ResponseStream.withResultHook': {
        means: 'result',
        docs: 'Called once, with the final response, on success only; gives what is delivered. What it throws fails the stream.',
      },
      'ResponseStream.withCleanupHook': {
        means: 'cleanup',
        docs: 'Called once, after the result hooks: on success, failure, early return and abort, and told which. What it throws fails a stream that was to succeed, and otherwise never takes the place of what ended it.',
      },
    },
    open: async (world) => openTeam(world, { ...soundParts, ...parts() }),
  }
}

function openTeam(world: World, parts: Parts): Team {
  const client = new OpenAI({
    baseURL: world.baseURL,
    apiKey: world.apiKey,
    logLevel: 'off',
    ...(world.fetch ? { fetch: world.fetch } : {}),
  })
  const telemetry = new AgentTelemetry({
    tracerProvider: world.telemetry.install(otel),
    mode: world.telemetry.mode.start,
  })
  const build = () => agentsOf(world, { client, telemetry, parts })
  let agent = build()
  const sessions = new Map<number, AgentSession>()
  const running = new Set<AgentRun>()
  return {
    setMode: (to) => {
      telemetry.mode = to
    },
    start(request) {
      if (request.target === 'fresh-workflow') agent = build()
      const session = sessions.get(request.conversation) ?? new AgentSession(memoryOf(request))
      sessions.set(request.conversation, session)
      const stream = startRun(world, agent, session, request)
      running.add(stream)
      stream.withCleanupHook(() => void running.delete(stream))
      return driven(stream, agent.name, request)
    },
    async close() {
      await Promise.all([...running].map((stream) => stream.cancel()))
    },
  }
}

/** The first agent of a team runs its turns; the others are its tools. */
function agentsOf(world: World, shared: Pick<Agent['definition'], 'client' | 'telemetry' | 'parts'>): Agent {
  const [first] = world.team
  if (first === undefined) throw new Error('a team of no agents')
  const contextProviders = [reporting(world)]
  const made = world.team.map(({ name, instructions, settings = {}, tools }) => {
    const slots: FunctionTool[] = []
    const definition = {
      ...shared,
      name,
      instructions,
      settings,
      model: MODEL,
      tools: slots,
      contextProviders,
    }
    return { agent: new Agent(definition), fill: slots, specs: tools }
  })
  const byName = new Map(made.map(({ agent }) => [agent.name, agent]))
  for (const { agent, fill, specs } of made)
    fill.push(...specs.map((spec) => toolOf(world, agent.name, spec, byName)))
  return byName.get(first.name) as Agent
}

function toolOf(
  world: World,
  agent: AgentSpec['name'],
  { name, description, parameters, does: [act] }: ToolSpec,
  agents: ReadonlyMap<string, Agent>,
): FunctionTool {
  const described = { name, parameters, ...(description === undefined ? {} : { description }) }
  const nested = act?.kind === 'agent' ? agents.get(act.agent) : undefined
  if (nested !== undefined) return nested.asTool(described)
  return {
    ...described,
    invoke: (args, { callId, signal, run }) =>
      world.tool({ run: markOf(run.context).run, id: callId, name, agent, args: args as Json, signal }),
  }
}

/** Of nested runs nothing is told: they are the work of a tool, and their end is not the run's. */
function reporting({ probe }: World): ContextProvider {
  const report = (name: 'before_run' | 'after_run') => (run: RunContext) => {
    if (run.parent === undefined) probe.hook({ run: markOf(run).run, agent: run.agent, name })
  }
  return { beforeRun: report('before_run'), afterRun: report('after_run') }
}

function markOf(run: RunContext): RunMark {
  return run.context as RunMark
}

function memoryOf({ session }: RunRequest): MemoryKind | undefined {
  return session === 'runtime-default' ? undefined : session
}

function startRun({ probe }: World, agent: Agent, session: AgentSession, request: RunRequest): AgentRun {
  const { run, input, stream, store, signal } = request
  const mark: RunMark = { run }
  const report = (name: 'transform' | 'result' | 'cleanup') => probe.hook({ run, agent: agent.name, name })
  return agent
    .run(input, { session, stream, store, signal, context: mark })
    .withTransformHook((update) => {
      report('transform')
      return update
    })
    .withResultHook((result) => {
      report('result')
      return result
    })
    .withCleanupHook(() => report('cleanup'))
}

function driven(stream: AgentRun, agent: string, request: RunRequest): Run {
  const iterator = stream[Symbol.asyncIterator]()
  const done = { done: true, value: undefined } as const
  const updates: AsyncIterableIterator<Update> = {
    [Symbol.asyncIterator]: () => updates,
    async next() {
      // A run that is not streamed has no updates for its consumer.
      if (!request.stream) return done
      const pulled = await iterator.next()
      return pulled.done ? done : { done: false, value: toldUpdate(pulled.value) }
    },
    async return() {
      await iterator.return?.()
      return done
    },
  }
  return { updates, outcome: async () => toldOutcome(await stream.settled(), agent) }
}

function toldUpdate(update: AgentResponseUpdate): Update {
  if (update.type === 'text') return { kind: 'text', text: update.text }
  const { type, id } = update.item
  return { kind: 'item', type, ...(typeof id === 'string' ? { id } : {}) }
}

function toldOutcome(ending: Ending<AgentResponse>, agent: string): Outcome {
  if (ending.kind === 'stopped') return { status: 'stopped', text: '' }
  if (ending.kind === 'failed') return { status: 'failed', text: '', error: errorShape(ending.error) }
  const { status, text, usage } = ending.result
  return { status, text, agent, usage: { input: usage.inputTokens, output: usage.outputTokens } }
}
