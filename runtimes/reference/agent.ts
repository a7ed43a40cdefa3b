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

/** What an agent is made of. Without telemetry of its own it has none. */
export type AgentOptions = Omit<AgentDefinition, 'telemetry' | 'parts'> &
  Partial<Pick<AgentDefinition, 'telemetry' | 'parts'>>

export interface AgentToolOptions {
  name: string
  description?: string
  /** JSON Schema of the arguments; by default one string, `task`. */
  parameters?: Record<string, unknown>
  /** The message to the agent, by the arguments of the call; by default `task`, or else all as JSON. */
  input?: (args: unknown) => string
}

const TASK = { type: 'object', properties: { task: { type: 'string' } }, required: ['task'] }

/** A model with instructions, tools and context providers. Instances hold nothing of their runs. */
export class Agent {
  readonly definition: AgentDefinition
  /** Of its loop: for whoever watches it from outside. */
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

  /** The same agent with more tools. */
  withTools(tools: readonly FunctionTool[]): Agent {
    return new Agent({ ...this.definition, tools: [...(this.definition.tools ?? []), ...tools] })
  }

  /** A run that begins when it is iterated or its final response awaited. Without input it goes on from its session. */
  run(input?: string, options: RunOptions = {}): AgentRun {
    // The caller's span is looked up here: later pulls may come from anywhere.
    const above = options.trace ?? options.parent?.trace ?? context.active()
    let run: ActiveRun | undefined
    return new ResponseStream<AgentResponseUpdate, AgentResponse>(
      {
        updates: (signal) =>
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

  /** This agent as a tool of another, or of itself: each call is a run of its own, without memory of other calls. */
  asTool({ name, description, parameters = TASK, input = taskOf }: AgentToolOptions): FunctionTool {
    return {
      name,
      parameters,
      ...(description === undefined ? {} : { description }),
      endsWithRun: true,
      invoke: async (args, invocation) => {
        const { run, signal } = invocation
        const { stream, store } = run
        const nested = { stream, store, signal, parent: invocation, context: run.context.context }
        const { text, usage } = await this.run(input(args), nested).getFinalResponse()
        addUsage(run.usage, usage)
        return text
      },
    }
  }
}

function openRun(
  agent: Agent,
  input: string | undefined,
  { session, stream = true, store = true, context: handed, parent }: RunOptions,
  signal: AbortSignal,
  above: Context,
): ActiveRun {
  const { definition } = agent
  const { telemetry, parts } = definition
  const recalled = parts.recalled(session?.state ?? { unsent: [], record: [] })
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
    tools: new Map(definition.tools?.map((tool) => [tool.name, tool])),
    context: described,
    stream,
    store,
    signal,
    memory: openMemory(session?.memory ?? 'history', recalled, input, store),
    telemetry,
    operation: telemetry.invokeAgent(definition, described, above),
    usage: parts.usage(),
  }
}

function taskOf(args: unknown): string {
  const task = (args as { task?: unknown } | null)?.task
  return typeof task === 'string' ? task : JSON.stringify(args)
}
