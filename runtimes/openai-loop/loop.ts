import {
  type Attributes,
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type OpenAI from 'openai'
import type {
  FunctionTool,
  Response,
  ResponseInput,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses'

/** An agent as plain data, with the function that runs its tools. */
export interface LoopAgent {
  name: string
  model: string
  instructions: string
  tools: FunctionTool[]
  /** Parameters of the Responses API that are sent with every request. */
  settings: Readonly<Record<string, unknown>>
  /** Runs a tool. If it throws, the error is sent to the model as the output. */
  call(call: { id: string; name: string; args: unknown }, signal: AbortSignal): Promise<string>
}

/** The memory of one conversation: its items, or the id of its last response. */
export interface LoopSession {
  mode: 'history' | 'previous-response'
  items: ResponseInput
  previousResponseId?: string
}

export interface LoopRun {
  input: string
  stream: boolean
  store: boolean
  signal: AbortSignal
  onEvent?(event: ResponseStreamEvent): void
  onItem?(item: ResponseOutputItem): void
  /** Called for each response that did not fail. */
  onResponse?(response: Response): void
  /** Called when the model's last answer is complete or incomplete. Never called for a run that failed or was stopped. */
  afterRun?(response: Response): void
}

/** The stream of the model's answer ended without a terminal event. */
export class StreamCutError extends Error {
  override name = 'StreamCutError'
}

/** The model's answer ended with `response.failed`. */
export class ResponseFailedError extends Error {
  override name = 'ResponseFailedError'
  readonly code: string | undefined
  constructor(response: Response) {
    super(response.error?.message ?? `response ${response.id} ${response.status}`)
    this.code = response.error?.code
  }
}

/**
 * Runs the smallest correct tool loop on the Responses API. Asks the model, runs the tools that it calls, and sends their
 * results, until the model answers without a call. Returns the last response. The session changes only if the run succeeds.
 */
export async function runLoop(
  client: OpenAI,
  tracer: Tracer,
  agent: LoopAgent,
  session: LoopSession,
  run: LoopRun,
): Promise<Response> {
  const about = { ...buildAttributes('invoke_agent'), 'gen_ai.agent.name': agent.name }
  const traced = { tracer, signal: run.signal }
  return runInSpan(traced, `invoke_agent ${agent.name}`, about, undefined, async (span) => {
    const gathered: ResponseInput = [{ role: 'user', content: run.input }]
    let previousResponseId = session.previousResponseId
    let sent = 0
    const used = { input: 0, output: 0 }
    for (;;) {
      const fresh = gathered.slice(sent)
      sent = gathered.length
      const chained = session.mode === 'previous-response'
      const response = await askModel(client, traced, agent, run, span, {
        input: chained ? fresh : [...session.items, ...gathered],
        ...(chained && previousResponseId !== undefined ? { previous_response_id: previousResponseId } : {}),
      })
      previousResponseId = response.id
      used.input += response.usage?.input_tokens ?? 0
      used.output += response.usage?.output_tokens ?? 0
      const calls = response.output.filter((item) => item.type === 'function_call')
      gathered.push(...(response.output as ResponseInputItem[]))
      // The service already has its own answer, so the next request starts after it.
      if (chained) sent = gathered.length
      if (calls.length === 0 || response.status === 'incomplete') {
        if (response.status === 'completed') updateSession(session, gathered, previousResponseId)
        run.afterRun?.(response)
        span.setAttributes({ ...buildUsageAttributes(used), ...buildFinishReasons(response) })
        return response
      }
      for (const call of calls) {
        run.signal.throwIfAborted()
        const output = await executeTool(traced, agent, span, call)
        gathered.push({ type: 'function_call_output', call_id: call.call_id, output })
      }
    }
  })
}

function updateSession(session: LoopSession, gathered: ResponseInput, previousResponseId: string): void {
  if (session.mode === 'history') session.items.push(...gathered)
  else session.previousResponseId = previousResponseId
}

type ConversationFields = { input: ResponseInput; previous_response_id?: string }

function askModel(
  client: OpenAI,
  traced: Traced,
  agent: LoopAgent,
  run: LoopRun,
  parent: Span,
  asked: ConversationFields,
): Promise<Response> {
  const about = { ...buildAttributes('chat'), 'gen_ai.request.model': agent.model }
  return runInSpan(traced, `chat ${agent.model}`, about, parent, async (span) => {
    const body = {
      model: agent.model,
      instructions: agent.instructions,
      tools: agent.tools,
      store: run.store,
      // If the service stores nothing, the client must send reasoning back, which only works in encrypted form.
      ...(run.store ? {} : { include: ['reasoning.encrypted_content' as const] }),
      ...agent.settings,
      ...asked,
    }
    const options = { signal: run.signal }
    const response = run.stream
      ? await readStream(await client.responses.create({ ...body, stream: true }, options), run)
      : await client.responses.create({ ...body, stream: false }, options)
    span.setAttributes(buildResponseAttributes(response))
    if (response.status === 'failed' || response.status === 'cancelled')
      throw new ResponseFailedError(response)
    run.onResponse?.(response)
    for (const item of response.output) run.onItem?.(item)
    return response
  })
}

/** Returns the response of a stream. If the terminal event has no items, as on some servers, the items come from their events. */
async function readStream(stream: AsyncIterable<ResponseStreamEvent>, run: LoopRun): Promise<Response> {
  const output: ResponseOutputItem[] = []
  let last: Response | undefined
  for await (const event of stream) {
    run.onEvent?.(event)
    if (event.type === 'response.output_item.done') output.push(event.item)
    if (event.type === 'response.failed') throw new ResponseFailedError(event.response)
    if (event.type === 'response.completed' || event.type === 'response.incomplete') last = event.response
  }
  run.signal.throwIfAborted()
  if (last === undefined) throw new StreamCutError('the stream ended without a terminal event')
  return last.output.length > 0 ? last : { ...last, output }
}

function executeTool(
  traced: Traced,
  agent: LoopAgent,
  parent: Span,
  call: { call_id: string; name: string; arguments: string },
): Promise<string> {
  const { signal } = traced
  const about = {
    ...buildAttributes('execute_tool'),
    'gen_ai.tool.name': call.name,
    'gen_ai.tool.call.id': call.call_id,
  }
  return runInSpan(traced, `execute_tool ${call.name}`, about, parent, async (span) => {
    try {
      if (!agent.tools.some(({ name }) => name === call.name))
        throw new Error(`there is no tool named ${call.name}`)
      return await agent.call({ id: call.call_id, name: call.name, args: JSON.parse(call.arguments) }, signal)
    } catch (error) {
      signal.throwIfAborted()
      markFailed(span, error)
      return `The tool failed: ${error instanceof Error ? error.message : String(error)}`
    }
  })
}

/** Returns the attributes that every span of the GenAI conventions has. */
function buildAttributes(operation: 'invoke_agent' | 'chat' | 'execute_tool'): Attributes {
  return { 'gen_ai.operation.name': operation, 'gen_ai.provider.name': 'openai' }
}

function buildResponseAttributes(response: Response): Attributes {
  const { id, model, usage } = response
  return {
    ...buildFinishReasons(response),
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    ...(usage ? buildUsageAttributes({ input: usage.input_tokens, output: usage.output_tokens }) : {}),
  }
}

function buildUsageAttributes({ input, output }: { input: number; output: number }): Attributes {
  return { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output }
}

/** Returns why the model stopped, in the words of the GenAI conventions. */
function buildFinishReasons({ status, incomplete_details: why, output }: Response): Attributes {
  const called = output.some(({ type }) => type === 'function_call')
  const cut = why?.reason === 'content_filter' ? 'content_filter' : 'length'
  const reason = status === 'incomplete' ? cut : called ? 'tool_call' : 'stop'
  return { 'gen_ai.response.finish_reasons': [reason] }
}

/** Where spans come from, and what stops a run. A stop is no failure of a span. */
interface Traced {
  tracer: Tracer
  signal: AbortSignal
}

/** Runs `work` in a span, and always ends the span. If `work` throws, and was not stopped, the span fails. */
async function runInSpan<T>(
  { tracer, signal }: Traced,
  name: string,
  attributes: Attributes,
  parent: Span | undefined,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const kind = name.startsWith('chat ') ? SpanKind.CLIENT : SpanKind.INTERNAL
  const above = parent === undefined ? context.active() : trace.setSpan(context.active(), parent)
  const span = runGuarded(() => tracer.startSpan(name, { attributes, kind }, above)) ?? NO_SPAN
  try {
    return await work(span)
  } catch (error) {
    if (!signal.aborted) markFailed(span, error)
    throw error
  } finally {
    runGuarded(() => span.end())
  }
}

/** Gives a span the status ERROR and `error.type`. The message of an error may hold a text of the conversation. */
function markFailed(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof Error ? error.constructor.name : 'thrown')
  span.setStatus({ code: SpanStatusCode.ERROR })
}

const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT)

/** Runs telemetry code. Returns undefined if it throws, because telemetry must not fail a run. */
function runGuarded<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
