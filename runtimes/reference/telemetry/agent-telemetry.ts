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
import { buildUserMessage, type Item } from '../items.ts'
import { readFinishReason } from './messages.ts'
import type { Operation } from './operation.ts'
import type { TelemetryMode } from './telemetry-mode.ts'
import type { TracedAgent } from './traced-agent.ts'

export interface TelemetryOptions {
  tracerProvider?: TracerProvider
  mode?: TelemetryMode
  /** Receives the first error of the telemetry code. Later errors are ignored. No run fails because of them. */
  onTelemetryError?: (error: unknown) => void
}

/** The data of a run that telemetry reads. */
export interface TracedRun {
  readonly agent: HookedAgent
  readonly definition: TracedAgent
  readonly context: RunContext
  /** The `invoke_agent` operation, the parent of all other spans of the run. */
  readonly operation: Pick<Operation<AgentResponse>, 'context'>
}

/** The data of a request that telemetry reads. */
export interface TracedRequest {
  readonly model: string
  /** Undefined if the request has its instructions in its input. */
  readonly instructions?: string | undefined
  readonly input: readonly Item[]
  readonly conversation?: string
}

/** The span of an operation: its attributes at the start, at the end (`ended`), and in mode `sensitive` (`content`). */
interface SpanDescription<Result> {
  name: string
  kind: SpanKind
  attributes: Attributes
  ended?(result: Result): Attributes
  content(result: Result | undefined): Attributes
}

const NAME = 'agent-conformance-reference'

/**
 * Creates spans for runs, model requests and tool calls, following the GenAI semantic conventions of OpenTelemetry. Each
 * span gets its parent explicitly. No span becomes the active one, so the caller's active span stays active. Errors of a
 * tracer, processor or exporter never reach a run. The mode can change while runs are active. It decides at the start of an
 * operation whether the operation has a span. A started span is ended in any mode.
 */
export class AgentTelemetry {
  mode: TelemetryMode
  /** Returns the parent context for spans of model requests and tool calls. Returns undefined to use the span of the run. */
  findEnclosing: (agent: HookedAgent, run: RunContext) => Context | undefined = () => undefined
  readonly #provider: TracerProvider | undefined
  readonly #onError: TelemetryOptions['onTelemetryError']
  #tracer: Tracer | undefined
  #hasReported = false

  constructor({ tracerProvider, mode, onTelemetryError }: TelemetryOptions = {}) {
    this.#provider = tracerProvider
    this.#onError = onTelemetryError
    this.mode = tracerProvider === undefined ? 'off' : (mode ?? 'on')
  }

  startAgentRun(definition: TracedAgent, run: RunContext, above: Context): Operation<AgentResponse> {
    const { name, model, instructions, parts } = definition
    return this.#start(definition, above, {
      name: `invoke_agent ${name}`,
      kind: SpanKind.INTERNAL,
      attributes: {
        ...buildCommonAttributes('invoke_agent'),
        'gen_ai.agent.name': name,
        'gen_ai.request.model': model,
        ...buildConversationAttributes(run),
      },
      ended: ({ response, usage }) => ({
        'gen_ai.response.finish_reasons': [readFinishReason(response)],
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
        ...buildConversationAttributes(run),
      }),
      content: (result) => ({
        'gen_ai.system_instructions': formatSystemInstructions(instructions),
        'gen_ai.input.messages': parts.formatInputMessages(
          run.input === undefined ? [] : [buildUserMessage(run.input)],
        ),
        ...(result ? { 'gen_ai.output.messages': parts.formatOutputMessages(result.response) } : {}),
      }),
    })
  }

  /** Starts the operation of a workflow run, the root of the spans of all its agents. */
  startWorkflowRun(definition: TracedAgent, name: string, above: Context): Operation<unknown> {
    return this.#start(definition, above, {
      name: `invoke_workflow ${name}`,
      kind: SpanKind.INTERNAL,
      attributes: { ...buildCommonAttributes('invoke_workflow'), 'gen_ai.workflow.name': name },
      content: () => ({}),
    })
  }

  /** Starts the operation of one round of an agent's loop. It ends with the model's finish reason in that round. */
  startStep(definition: TracedAgent, round: number, above: Context): Operation<string> {
    return this.#start(definition, above, {
      name: 'react step',
      kind: SpanKind.INTERNAL,
      attributes: {
        ...buildCommonAttributes('react'),
        'gen_ai.agent.name': definition.name,
        'gen_ai.react.round': round,
      },
      ended: (finishReason) => ({ 'gen_ai.react.finish_reason': finishReason }),
      content: () => ({}),
    })
  }

  startChat(run: TracedRun, request: TracedRequest): Operation<Response> {
    const { definition } = run
    return this.#start(definition, this.#findParent(run), {
      name: `chat ${request.model}`,
      kind: SpanKind.CLIENT,
      attributes: {
        ...buildCommonAttributes('chat'),
        'gen_ai.agent.name': definition.name,
        'gen_ai.request.model': request.model,
        ...(request.conversation ? { 'gen_ai.conversation.id': request.conversation } : {}),
      },
      ended: (response) => definition.parts.buildResponseAttributes(response),
      content: (response) => ({
        ...(request.instructions === undefined
          ? {}
          : { 'gen_ai.system_instructions': formatSystemInstructions(request.instructions) }),
        'gen_ai.input.messages': definition.parts.formatInputMessages(request.input),
        ...(response ? { 'gen_ai.output.messages': definition.parts.formatOutputMessages(response) } : {}),
      }),
    })
  }

  startToolCall(run: TracedRun, call: ResponseFunctionToolCall): Operation<string> {
    const { definition } = run
    return this.#start(definition, this.#findParent(run), {
      name: `execute_tool ${call.name}`,
      kind: SpanKind.INTERNAL,
      attributes: {
        ...buildCommonAttributes('execute_tool'),
        'gen_ai.agent.name': definition.name,
        ...definition.parts.buildCallAttributes(call),
        'gen_ai.tool.type': 'function',
      },
      content: (result) => ({
        'gen_ai.tool.call.arguments': call.arguments,
        ...(result === undefined ? {} : { 'gen_ai.tool.call.result': result }),
      }),
    })
  }

  #findParent({ agent, context, operation }: TracedRun): Context {
    return this.findEnclosing(agent, context) ?? operation.context
  }

  #start<Result>(
    { parts }: TracedAgent,
    above: Context,
    { name, kind, attributes, ended, content }: SpanDescription<Result>,
  ): Operation<Result> {
    const begunIn = this.mode
    const safely = <T>(work: () => T) => parts.runGuarded(work, (error) => this.#reportError(error))
    const tracer = parts.hasSpan(begunIn) ? safely(() => this.#openTracer()) : undefined
    const span = tracer && safely(() => parts.startSpan(tracer, name, { kind, attributes }, above))
    if (span === undefined) return { context: above, end: () => {} }
    return {
      context: safely(() => trace.setSpan(above, span)) ?? above,
      end: (ending) => {
        const result = ending.kind === 'completed' ? ending.result : undefined
        const sensitive = parts.hasContent(begunIn, this.mode)
        const told = safely(() => ({
          ...(result === undefined ? {} : ended?.(result)),
          ...(sensitive ? content(result) : {}),
        }))
        safely(() => parts.endSpan(span, ending, told ?? {}, sensitive))
      },
    }
  }

  #openTracer(): Tracer | undefined {
    this.#tracer ??= this.#provider?.getTracer(NAME)
    return this.#tracer
  }

  /** Reports the first error only, because later errors mostly repeat it. */
  #reportError(error: unknown): void {
    if (this.#hasReported) return
    this.#hasReported = true
    try {
      this.#onError?.(error)
    } catch {
      // An error of the error callback cannot be reported anywhere.
    }
  }
}

function buildCommonAttributes(operation: string): Attributes {
  return { 'gen_ai.operation.name': operation, 'gen_ai.provider.name': 'openai' }
}

/** Returns the id of the conversation object. The id of a last response is not a conversation id. */
function buildConversationAttributes({ session }: RunContext): Attributes {
  const id = session?.memory === 'conversation-object' ? session.serviceSessionId : undefined
  return id === undefined ? {} : { 'gen_ai.conversation.id': id }
}

function formatSystemInstructions(content: string): string {
  return JSON.stringify([{ type: 'text', content }])
}
