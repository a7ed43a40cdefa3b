import {
  type Attributes,
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
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
  /** Runs a tool; what it throws is told to the model. */
  call(call: { id: string; name: string; args: unknown }, signal: AbortSignal): Promise<string>
}

/** One conversation's memory: its items, or the id of its last response. */
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
  /** Called for each response that came whole, with its usage. */
  onResponse?(response: Response): void
  /** Called when the model's last answer has come, whole or incomplete: never for a run that failed or was stopped. */
  afterRun?(response: Response): void
}

/** The response of the model had no terminal event: the connection ended before it did. */
export class StreamCutError extends Error {
  override name = 'StreamCutError'
}

/** The response of the model ended with `response.failed`. */
export class ResponseFailedError extends Error {
  override name = 'ResponseFailedError'
  readonly code: string | undefined
  constructor(response: Response) {
    super(response.error?.message ?? `response ${response.id} ${response.status}`)
    this.code = response.error?.code
  }
}

/**
 * The smallest correct tool loop on the Responses API: ask the model, run the tools that it calls, send their
 * results, until it answers without a call. The session changes only when the run has succeeded.
 */
export async function runLoop(
  client: OpenAI,
  tracer: Tracer,
  agent: LoopAgent,
  session: LoopSession,
  run: LoopRun,
): Promise<Response> {
  const about = { ...told('invoke_agent'), 'gen_ai.agent.name': agent.name }
  return inSpan(tracer, `invoke_agent ${agent.name}`, about, undefined, async (span) => {
    const gathered: ResponseInput = [{ role: 'user', content: run.input }]
    let previousResponseId = session.previousResponseId
    let sent = 0
    for (;;) {
      const fresh = gathered.slice(sent)
      sent = gathered.length
      const chained = session.mode === 'previous-response'
      const response = await ask(client, tracer, agent, run, span, {
        input: chained ? fresh : [...session.items, ...gathered],
        ...(chained && previousResponseId !== undefined ? { previous_response_id: previousResponseId } : {}),
      })
      previousResponseId = response.id
      const calls = response.output.filter((item) => item.type === 'function_call')
      gathered.push(...(response.output as ResponseInputItem[]))
      // What the service answered it has already; only what comes after is news to it.
      if (chained) sent = gathered.length
      if (calls.length === 0 || response.status === 'incomplete') {
        if (response.status === 'completed') remember(session, gathered, previousResponseId)
        run.afterRun?.(response)
        return response
      }
      for (const call of calls) {
        run.signal.throwIfAborted()
        const output = await execute(tracer, agent, span, call, run.signal)
        gathered.push({ type: 'function_call_output', call_id: call.call_id, output })
      }
    }
  })
}

function remember(session: LoopSession, gathered: ResponseInput, previousResponseId: string): void {
  if (session.mode === 'history') session.items.push(...gathered)
  else session.previousResponseId = previousResponseId
}

type Asked = { input: ResponseInput; previous_response_id?: string }

function ask(
  client: OpenAI,
  tracer: Tracer,
  agent: LoopAgent,
  run: LoopRun,
  parent: Span,
  asked: Asked,
): Promise<Response> {
  const about = { ...told('chat'), 'gen_ai.request.model': agent.model }
  return inSpan(tracer, `chat ${agent.model}`, about, parent, async (span) => {
    const body = {
      model: agent.model,
      instructions: agent.instructions,
      tools: agent.tools,
      store: run.store,
      // Without the service's memory, reasoning can only be carried encrypted.
      ...(run.store ? {} : { include: ['reasoning.encrypted_content' as const] }),
      ...asked,
    }
    const options = { signal: run.signal }
    const response = run.stream
      ? await gather(await client.responses.create({ ...body, stream: true }, options), run)
      : await client.responses.create({ ...body, stream: false }, options)
    span.setAttributes(responseAttributes(response))
    if (response.status === 'failed' || response.status === 'cancelled')
      throw new ResponseFailedError(response)
    run.onResponse?.(response)
    for (const item of response.output) run.onItem?.(item)
    return response
  })
}

/** Reads a stream to its terminal event. Its items are taken from their own events: some servers end with an empty list. */
async function gather(stream: AsyncIterable<ResponseStreamEvent>, run: LoopRun): Promise<Response> {
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

function execute(
  tracer: Tracer,
  agent: LoopAgent,
  parent: Span,
  call: { call_id: string; name: string; arguments: string },
  signal: AbortSignal,
): Promise<string> {
  const about = {
    ...told('execute_tool'),
    'gen_ai.tool.name': call.name,
    'gen_ai.tool.call.id': call.call_id,
  }
  return inSpan(tracer, `execute_tool ${call.name}`, about, parent, async () => {
    try {
      return await agent.call({ id: call.call_id, name: call.name, args: JSON.parse(call.arguments) }, signal)
    } catch (error) {
      signal.throwIfAborted()
      return `The tool failed: ${error instanceof Error ? error.message : String(error)}`
    }
  })
}

/** What every span of the GenAI conventions tells. */
function told(operation: 'invoke_agent' | 'chat' | 'execute_tool'): Attributes {
  return { 'gen_ai.operation.name': operation, 'gen_ai.provider.name': 'openai' }
}

function responseAttributes({ id, model, usage }: Response): Attributes {
  return {
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    ...(usage
      ? {
          'gen_ai.usage.input_tokens': usage.input_tokens,
          'gen_ai.usage.output_tokens': usage.output_tokens,
        }
      : {}),
  }
}

/** Runs `work` in a span that ends whatever happens, with ERROR and `error.type` when it throws. */
async function inSpan<T>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  parent: Span | undefined,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const above = parent === undefined ? context.active() : trace.setSpan(context.active(), parent)
  const span = unlessBroken(() => tracer.startSpan(name, { attributes }, above)) ?? NO_SPAN
  try {
    return await work(span)
  } catch (error) {
    span.setAttribute('error.type', error instanceof Error ? error.constructor.name : 'thrown')
    span.setStatus({
      code: SpanStatusCode.ERROR,
      message: error instanceof Error ? error.message : String(error),
    })
    throw error
  } finally {
    unlessBroken(() => span.end())
  }
}

const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT)

/** What telemetry throws is nobody's business but its own. */
function unlessBroken<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
