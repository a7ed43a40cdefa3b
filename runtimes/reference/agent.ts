import { type Context, context } from '@opentelemetry/api'
import type OpenAI from 'openai'
import type { ActiveRun } from './active-run.ts'
import type { AgentDefinition } from './agent-definition.ts'
import { AgentHooks } from './agent-hooks.ts'
import { type AgentResponse, type AgentResponseUpdate, addUsage } from './agent-response.ts'
import type { AgentRun, RunOptions } from './agent-run.ts'
import { openMemory } from './memory.ts'
import { soundParts } from './parts.ts'
import { ResponseStream } from './response-stream.ts'
import { runAgent, settleRun } from './run.ts'
import { AgentSession, type MemoryKind } from './session.ts'
import { AgentTelemetry } from './telemetry/agent-telemetry.ts'
import type { FunctionTool } from './tools.ts'

/** The options of an agent. Without `telemetry`, the agent creates no spans. */
export type AgentOptions = Omit<AgentDefinition, 'telemetry' | 'parts'> &
  Partial<Pick<AgentDefinition, 'telemetry' | 'parts'>>

export interface AgentToolOptions {
  name: string
  description?: string
  /** JSON Schema of the arguments. Default: one string, `task`. */
  parameters?: Record<string, unknown>
  /** Returns the message to the agent for the arguments of a call. Default: `task`, or all arguments as JSON. */
  input?: (args: unknown) => string
}

const TASK = { type: 'object', properties: { task: { type: 'string' } }, required: ['task'] }

/** A model with instructions, tools and context providers. An instance holds no state of its runs. */
export class Agent {
  readonly definition: AgentDefinition
  /** The hooks of the agent's loop, for code that observes the agent from outside. */
  readonly hooks: AgentHooks

  constructor({ client, ...options }: AgentOptions & { client: OpenAI }) {
    this.definition = { telemetry: new AgentTelemetry(), parts: soundParts, ...options, client }
    this.hooks = this.definition.hooksFor?.(this) ?? new AgentHooks()
  }

  get name(): string {
    return this.definition.name
  }

  createSession(memory?: MemoryKind): AgentSession {
    return new AgentSession(memory)
  }

  /** Returns a copy of the agent with more tools. */
  withTools(tools: readonly FunctionTool[]): Agent {
    return new Agent({ ...this.definition, tools: [...(this.definition.tools ?? []), ...tools] })
  }

  /**
   * Returns a run. The run starts when it is first iterated or when its final response is awaited. Without input, the run
   * continues from its session.
   */
  run(input?: string, options: RunOptions = {}): AgentRun {
    // The caller's span is read here, because later pulls may come from any async context.
    const above = options.trace ?? options.parent?.trace ?? context.active()
    let run: ActiveRun | undefined
    return new ResponseStream<AgentResponseUpdate, AgentResponse>(
      {
        openUpdates: (signal) =>
          runAgent(() => {
            run = openRun(this, input, options, signal, above)
            return run
          }),
        settle: async (ending) => (run === undefined ? ending : settleRun(run, ending)),
      },
      options.signal,
      this.definition.parts,
    )
  }

  /** Returns a tool that runs this agent. Each call is a separate run, without memory of other calls. */
  asTool({ name, description, parameters = TASK, input = readTask }: AgentToolOptions): FunctionTool {
    return {
      name,
      parameters,
      ...(description === undefined ? {} : { description }),
      endsWithRun: true,
      invoke: async (args, invocation) => {
        const { run, signal } = invocation
        const { stream, store } = run
        const nested = { stream, store, signal, parent: invocation, context: run.context.context }
        const options = this.definition.parts.buildNestedOptions(nested)
        const { text, usage } = await this.run(input(args), options).getFinalResponse()
        addUsage(run.usage, usage)
        return text
      },
    }
  }
}

function openRun(
  agent: Agent,
  input: string | undefined,
  { session, stream = true, store = true, maxAnswers = 64, context: handed, parent }: RunOptions,
  signal: AbortSignal,
  above: Context,
): ActiveRun {
  const { definition } = agent
  const { telemetry, parts } = definition
  const recalled = parts.recallState(session?.state ?? { unsent: [], record: [] })
  const described = {
    agent: definition.name,
    ...(input === undefined ? {} : { input }),
    context: handed,
    instructions: [],
    ...(session ? { session } : {}),
    ...(parent ? { parent: parent.run.context } : {}),
  }
  return {
    agent,
    definition,
    tools: new Map(parts.offerTools(definition.tools ?? []).map((tool) => [tool.name, tool])),
    context: described,
    stream,
    store,
    maxAnswers,
    signal,
    memory: openMemory(session?.memory ?? 'history', recalled, input, store),
    telemetry,
    operation: telemetry.startAgentRun(definition, described, above),
    usage: parts.createUsage(),
  }
}

function readTask(args: unknown): string {
  const task = (args as { task?: unknown } | null)?.task
  return typeof task === 'string' ? task : JSON.stringify(args)
}
