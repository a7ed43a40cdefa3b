import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import {
  Agent,
  type AgentInputItem,
  OpenAIProvider,
  type RunContext,
  Runner,
  type RunStreamEvent,
  setTraceProcessors,
  tool,
  user,
} from '@openai/agents'
import OpenAI from 'openai'
import type { ToolSpec } from '../../harness/plan/types.ts'
import {
  errorShape,
  type Outcome,
  type Run,
  type RunRequest,
  type Runtime,
  type Update,
  type World,
} from '../../harness/runtime.ts'
import type { Json } from '../../mocks/json.ts'
import { traceProcessor } from './traces.ts'

const MODEL = 'gpt-5.1'

/** What each run carries through the SDK, so that tools and hooks can tell whose they are. */
interface RunMark {
  run: string
}

/** One conversation's memory, as a user of the SDK keeps it between runs. */
interface Memory {
  history: AgentInputItem[]
  lastResponseId?: string
}

const manifest = findPackageJSON('@openai/agents', import.meta.url) as string
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }

/** `@openai/agents`, driven through its `Runner`. */
export const runtime: Runtime = {
  name: 'openai-agents',
  version,
  supports: new Set([
    'stream',
    'tools',
    'parallel-tools',
    'spans',
    'after_run',
    'history',
    'previous-response',
  ]),
  hooks: {
    "Runner.on('agent_end')": {
      means: 'after_run',
      docs: '@param agent - The agent that is ending; @param output - The output of the agent',
    },
  },
  async open(world) {
    const [spec] = world.team
    if (!spec || world.team.length > 1)
      throw new Error(`openai-agents is given one agent here, found ${world.team.length}`)
    const openAIClient = new OpenAI({
      baseURL: world.baseURL,
      apiKey: world.apiKey,
      ...(world.fetch ? { fetch: world.fetch } : {}),
    })
    setTraceProcessors([traceProcessor(world.probe)])
    const runner = new Runner({
      modelProvider: new OpenAIProvider({ openAIClient, useResponses: true }),
      traceIncludeSensitiveData: false,
    })
    runner.on('agent_end', (context, agent) =>
      world.probe.hook({ run: (context.context as RunMark).run, agent: agent.name, name: 'after_run' }),
    )
    const agents = new Map<boolean, Agent<RunMark>>()
    const memories = new Map<number, Memory>()
    const agentFor = (store: boolean) => {
      const agent = agents.get(store) ?? makeAgent(world, spec.name, spec.instructions, spec.tools, store)
      agents.set(store, agent)
      return agent
    }
    return {
      close: async () => {},
      start: (request) => {
        const memory = memories.get(request.conversation) ?? { history: [] }
        memories.set(request.conversation, memory)
        return startRun(runner, agentFor(request.store), memory, request)
      },
    }
  },
}

function makeAgent(
  world: World,
  name: string,
  instructions: string,
  tools: ToolSpec[],
  store: boolean,
): Agent<RunMark> {
  return new Agent<RunMark>({
    name,
    instructions,
    model: MODEL,
    modelSettings: store ? { store } : { store, providerData: { include: ['reasoning.encrypted_content'] } },
    tools: tools.map((spec) =>
      tool({
        name: spec.name,
        description: spec.description ?? '',
        parameters: spec.parameters as never,
        strict: false,
        execute: async (args, context, details) => {
          const { run } = (context as RunContext<RunMark>).context
          const id = details?.toolCall?.callId
          const value = await world.tool({
            run,
            name: spec.name,
            args: args as Json,
            ...(id === undefined ? {} : { id }),
          })
          return typeof value === 'string' ? value : JSON.stringify(value)
        },
      }),
    ),
  })
}

function startRun(runner: Runner, agent: Agent<RunMark>, memory: Memory, request: RunRequest): Run {
  const chained = request.session === 'previous-response'
  const input = chained ? request.input : [...memory.history, user(request.input)]
  const options = {
    context: { run: request.run },
    signal: request.signal,
    ...(chained && memory.lastResponseId !== undefined ? { previousResponseId: memory.lastResponseId } : {}),
  }
  const remember = (result: { history: AgentInputItem[]; lastResponseId: string | undefined }) => {
    memory.history = result.history
    if (result.lastResponseId !== undefined) memory.lastResponseId = result.lastResponseId
  }
  if (!request.stream) {
    const settled = runner.run(agent, input, options).then(
      (result) => {
        remember(result)
        return completed(result.finalOutput, agent.name)
      },
      (error) => failed(error, request.signal),
    )
    return { updates: (async function* () {})(), outcome: () => settled }
  }
  const started = runner.run(agent, input, { ...options, stream: true })
  return {
    updates: updatesOf(started),
    outcome: async () => {
      try {
        const result = await started
        await result.completed
        if (result.error) throw result.error
        if (request.signal.aborted) return { status: 'stopped', text: '' }
        remember(result)
        return completed(result.finalOutput, agent.name)
      } catch (error) {
        return failed(error, request.signal)
      }
    },
  }
}

async function* updatesOf(started: Promise<AsyncIterable<RunStreamEvent>>): AsyncGenerator<Update> {
  for await (const event of await started) {
    if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta')
      yield { kind: 'text', text: event.data.delta }
    else if (event.type === 'run_item_stream_event') yield { kind: 'item', type: event.item.type }
    else yield { kind: 'other', type: event.type }
  }
}

function completed(output: unknown, agent: string): Outcome {
  return {
    status: 'completed',
    text: typeof output === 'string' ? output : JSON.stringify(output ?? ''),
    agent,
  }
}

function failed(error: unknown, signal: AbortSignal): Outcome {
  return { status: signal.aborted ? 'stopped' : 'failed', text: '', error: errorShape(error) }
}
