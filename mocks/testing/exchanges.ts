import type { JsonObject } from '../json.ts'
import type { Recording } from '../recordings/types.ts'
import { formatSse } from './format-sse.ts'
import { buildStream, type StreamPlan } from './streams.ts'

/** Returns one recorded exchange, for tests of the exchange rules. */
export function buildExchange(
  request: { method?: string; path?: string; body?: JsonObject | null; recorded?: boolean },
  response: { status?: number; json?: JsonObject; sse?: string; contentType?: string },
): Recording {
  const { method = 'POST', path = '/v1/responses', body = null, recorded = true } = request
  const { status = 200, json = {}, sse, contentType } = response
  const type = contentType ?? (sse === undefined ? 'application/json' : 'text/event-stream; charset=utf-8')
  return {
    request: { method, url: `https://api.openai.com${path}`, headers: {}, body, recorded },
    response: {
      status,
      headers: { 'Content-Type': type },
      body: sse === undefined ? { json } : { sse, exact: true },
    },
  }
}

/** Returns a `POST /responses` with a completed response. Some fields of both may be changed. */
export function buildCreated(body: JsonObject = {}, response: JsonObject = {}): Recording {
  return buildExchange(
    { body: { model: 'gpt-4o', input: 'Hello', ...body } },
    { json: buildResponse(response) },
  )
}

/** Returns a refused `POST /responses`. */
export function buildRefused(status: number, error: JsonObject, body: JsonObject = {}): Recording {
  const whole = { message: 'No.', type: 'invalid_request_error', param: null, code: null, ...error }
  return buildExchange(
    { body: { model: 'gpt-4o', input: 'Hello', ...body } },
    { status, json: { error: whole } },
  )
}

export function buildStreamed(body: JsonObject, plan: StreamPlan): Recording {
  const sse = buildStream(plan)
    .map(({ data }) => formatSse(data as { type: string }))
    .join('')
  return buildExchange({ body: { model: 'gpt-4o-mini', input: 'Hello', stream: true, ...body } }, { sse })
}

export function buildResponse(changes: JsonObject = {}): JsonObject {
  return {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    error: null,
    incomplete_details: null,
    completed_at: 1_760_000_000,
    model: 'gpt-4o-2024-08-06',
    output: [buildAnswer('msg_1', 'Hi')],
    usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
    ...changes,
  }
}

export function buildAnswer(id: string, text: string): JsonObject {
  const content = [{ type: 'output_text', text, annotations: [] }]
  return { id, type: 'message', role: 'assistant', status: 'completed', content }
}

export function buildCall(id: string, name = 'look_up'): JsonObject {
  return { id, type: 'function_call', call_id: `call_${id}`, name, arguments: '{}', status: 'completed' }
}
