import {
  type Attributes,
  type Context,
  SpanKind,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import type { Response, ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { HookedAgent } from '../agent-hooks.ts'
import type { AgentResponse } from '../agent-response.ts'
import type { RunContext } from '../context-provider.ts'
import { type Item, userMessage } from '../items.ts'
import { finishReason, inputMessages, outputMessages } from './messages.ts'
import type { Operation } from './operation.ts'
import type { TelemetryMode } from './telemetry-mode.ts'
import type { TracedAgent } from './traced-agent.ts'

export interface TelemetryOptions {
  tracerProvider?: TracerProvider
  mode?: TelemetryMode
  /** Told the first failure of the telemetry itself, and no other; no run ever notices one. */
  onTelemetryError?: (error: unknown) => void
}

/** What telemetry reads of a run. */
export interface TracedRun {
  readonly agent: HookedAgent
  readonly definition: TracedAgent
  readonly context: RunContext
  /** Its `invoke_agent`: the spans of its work belong under this one. */
  readonly operation: Pick<Operation<AgentResponse>, 'context'>
}

/** What telemetry reads of a request. */
export interface TracedRequest {
  readonly model: string
  readonly instructions: string
  readonly input: readonly Item[]
  readonly conversation?: string
}

/** What is said of an operation when it starts, and when it has ended; `content` only under `sensitive`. */
interface Described<Result> {
  name: string
  kind: SpanKind
  attributes: Attributes
  ended?(result: Result): Attributes
  content(result: Result | undefined): Attributes
}

const NAME = 'agent-conformance-reference'

/**
 * Spans around runs, model requests and tool calls, after the GenAI semantic conventions of OpenTelemetry. Each has its
 * parent handed to it: no span is ever made the active one, so that the caller's stays so. Nothing that a tracer, a
 * processor or an exporter does can reach a run. The mode can change while runs are on: it decides for each span whether
 * there is one when the operation starts; a span that was started is ended in any mode.
 */
export class AgentTelemetry {
  mode: TelemetryMode
  /** Where spans of a run's model requests and tool calls belong, if not right under that of the run itself. */
  enclosing: (agent: HookedAgent, run: RunContext) => Context | undefined = () => undefined
  readonly #provider: TracerProvider | undefined
  readonly #onError: TelemetryOptions['onTelemetryError']
  #tracer: Tracer | undefined
  #told = false

  constructor({ tracerProvider, mode, onTelemetryError }: TelemetryOptions = {}) {
    this.#provider = tracerProvider
    this.#onError = onTelemetryError
    this.mode = tracerProvider === undefined ? 'off' : (mode ?? 'on')
  }

  invokeAgent(definition: TracedAgent, run: RunContext, above: Context): Operation<AgentResponse> {
    const { name, model, instructions } = definition
    return this.#start(definition, above, {
      name: `invoke_agent ${name}`,
      kind: SpanKind.INTERNAL,
      attributes: {
        ...named('invoke_agent'),
        'gen_ai.agent.name': name,
        'gen_ai.request.model': model,
        ...conversationOf(run),
      },
      ended: ({ response, usage }) => ({
        'gen_ai.response.finish_reasons': [finishReason(response)],
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
        ...conversationOf(run),
      }),
      content: (result) => ({
        'gen_ai.system_instructions': systemInstructions(instructions),
        'gen_ai.input.messages': inputMessages(run.input === undefined ? [] : [userMessage(run.input)]),
        ...(result ? { 'gen_ai.output.messages': outputMessages(result.response) } : {}),
      }),
    })
  }

  /** Around the agents of a workflow: all spans of one run of it are in one tree. */
  invokeWorkflow(definition: TracedAgent, name: string, above: Context): Operation<unknown> {
    return this.#start(definition, above, {
      name: `invoke_workflow ${name}`,
      kind: SpanKind.INTERNAL,
      attributes: { ...named('invoke_workflow'), 'gen_ai.workflow.name': name },
      content: () => ({}),
    })
  }

  /** Around one round of an agent's loop; it ends with the reason why the model stopped in it. */
  reactStep(definition: TracedAgent, round: number, above: Context): Operation<string> {
    return this.#start(definition, above, {
      name: 'react step',
      kind: SpanKind.INTERNAL,
      attributes: {
        ...named('react'),
        'gen_ai.agent.name': definition.name,
        'gen_ai.react.round': round,
      },
      ended: (finishReason) => ({ 'gen_ai.react.finish_reason': finishReason }),
      content: () => ({}),
    })
  }

  chat(run: TracedRun, request: TracedRequest): Operation<Response> {
    const { definition } = run
    return this.#start(definition, this.#above(run), {
      name: `chat ${request.model}`,
      kind: SpanKind.CLIENT,
      attributes: {
        ...named('chat'),
        'gen_ai.agent.name': definition.name,
        'gen_ai.request.model': request.model,
        ...(request.conversation ? { 'gen_ai.conversation.id': request.conversation } : {}),
      },
      ended: (response) => definition.parts.responseAttributes(response),
      content: (response) => ({
        'gen_ai.system_instructions': systemInstructions(request.instructions),
        'gen_ai.input.messages': inputMessages(request.input),
        ...(response ? { 'gen_ai.output.messages': outputMessages(response) } : {}),
      }),
    })
  }

  executeTool(run: TracedRun, call: ResponseFunctionToolCall): Operation<string> {
    const { definition } = run
    return this.#start(definition, this.#above(run), {
      name: `execute_tool ${call.name}`,
      kind: SpanKind.INTERNAL,
      attributes: {
        ...named('execute_tool'),
        'gen_ai.agent.name': definition.name,
        'gen_ai.tool.name': call.name,
        'gen_ai.tool.call.id': call.call_id,
        'gen_ai.tool.type': 'function',
      },
      content: (result) => ({
        'gen_ai.tool.call.arguments': call.arguments,
        ...(result === undefined ? {} : { 'gen_ai.tool.call.result': result }),
      }),
    })
  }

  #above({ agent, context, operation }: TracedRun): Context {
    return this.enclosing(agent, context) ?? operation.context
  }

  #start<Result>(
    { parts }: TracedAgent,
    above: Context,
    { name, kind, attributes, ended, content }: Described<Result>,
  ): Operation<Result> {
    const begunIn = this.mode
    const safely = <T>(work: () => T) => parts.guarded(work, (error) => this.#tell(error))
    const tracer = parts.hasSpan(begunIn) ? safely(() => this.#open()) : undefined
    const span = tracer && safely(() => parts.startSpan(tracer, name, { kind, attributes }, above))
    if (span === undefined) return { context: above, end: () => {} }
    return {
      context: safely(() => trace.setSpan(above, span)) ?? above,
      end: (ending) => {
        const result = ending.kind === 'completed' ? ending.result : undefined
        const sensitive = parts.holdsContent(begunIn, this.mode)
        const told = safely(() => ({
          ...(result === undefined ? {} : ended?.(result)),
          ...(sensitive ? content(result) : {}),
        }))
        safely(() => parts.endSpan(span, ending, told ?? {}, sensitive))
      },
    }
  }

  #open(): Tracer | undefined {
    this.#tracer ??= this.#provider?.getTracer(NAME)
    return this.#tracer
  }

  /** Only the first failure is told: what follows is mostly the same again. */
  #tell(error: unknown): void {
    if (this.#told) return
    this.#told = true
    try {
      this.#onError?.(error)
    } catch {
      // There is nobody left to tell.
    }
  }
}

function named(operation: string): Attributes {
  return { 'gen_ai.operation.name': operation, 'gen_ai.provider.name': 'openai' }
}

/** A conversation object has an id of its own; that of a last response names no conversation. */
function conversationOf({ session }: RunContext): Attributes {
  const id = session?.memory === 'conversation-object' ? session.serviceSessionId : undefined
  return id === undefined ? {} : { 'gen_ai.conversation.id': id }
}

function systemInstructions(content: string): string {
  return JSON.stringify([{ type: 'text', content }])
}
