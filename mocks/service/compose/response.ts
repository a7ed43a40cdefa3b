import type { Response as ApiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { isObject, type Json, type JsonObject } from '../../json.ts'
import type { CreateBody } from '../types.ts'
import { decideStrict, echoTool } from './echoed-tools.ts'

/**
 * A response as it is on the wire. Two fields of the SDK's type are never set: the SDKs compute `output_text`, and no
 * recorded response has `access_programs`.
 */
export type WireResponse = ApiResponse

/** The values of a response that the service decides. */
export interface ResponseHead {
  id: string
  /** Unix seconds. */
  created: number
  background: boolean
  /** The id of the conversation object that the response belongs to. */
  conversation?: string
}

/**
 * Returns a response that has just begun, with the fields and the field order of recorded ones (the newest form on
 * api.openai.com: `id, object, created_at, status, …, user, metadata`). Optional parameters have the request's value or
 * the service's default. `conversation` appears only if there is one.
 */
export function buildBegunResponse(body: CreateBody, head: ResponseHead): WireResponse {
  const response: { [Key in keyof WireResponse]?: unknown } & Record<string, unknown> = {
    id: head.id,
    object: 'response',
    created_at: head.created,
    status: head.background ? 'queued' : 'in_progress',
    background: head.background,
    completed_at: null,
  }
  if (head.conversation !== undefined) response.conversation = { id: head.conversation }
  return Object.assign(response, {
    error: null,
    frequency_penalty: 0,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: body['max_tool_calls'] ?? null,
    model: body['model'],
    moderation: null,
    output: [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    presence_penalty: 0,
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    prompt_cache_retention: body['prompt_cache_retention'] ?? 'in_memory',
    reasoning: echoReasoning(body['reasoning']),
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: body['service_tier'] ?? 'auto',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: echoText(body['text']),
    tool_choice: body['tool_choice'] ?? 'auto',
    tool_usage: NO_TOOL_USAGE,
    tools: Array.isArray(body['tools']) ? body['tools'].map(echoTool) : [],
    top_logprobs: body['top_logprobs'] ?? 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: null,
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  }) as unknown as WireResponse
}

const NO_TOOL_USAGE = {
  image_gen: {
    input_tokens: 0,
    input_tokens_details: { image_tokens: 0, text_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: { image_tokens: 0, text_tokens: 0 },
    total_tokens: 0,
  },
  web_search: { num_requests: 0 },
}

function echoReasoning(asked: Json | undefined): JsonObject {
  const held = isObject(asked) ? asked : {}
  return {
    context: held['context'] ?? null,
    effort: held['effort'] ?? null,
    summary: held['summary'] ?? null,
  }
}

function echoText(asked: Json | undefined): JsonObject {
  const held = isObject(asked) ? asked : {}
  const format = isObject(held['format']) ? held['format'] : { type: 'text' }
  return {
    format: format['type'] === 'json_schema' ? echoJsonSchema(format) : format,
    verbosity: held['verbosity'] ?? 'medium',
  }
}

function echoJsonSchema({ description, name, schema, strict }: JsonObject): JsonObject {
  const decided = decideStrict(schema, strict)
  return {
    type: 'json_schema',
    description: description ?? null,
    name: name ?? null,
    schema: decided.schema,
    strict: decided.strict,
  }
}

/**
 * Returns the response at its end (GRAMMAR G52, G53; SERVICE-FACTS 6, 8, 9, 11). If there is an answer, `service_tier`
 * changes from auto to default, as in 649 of 664 recorded streams.
 */
export function buildEndedResponse(
  begun: WireResponse,
  end: Partial<Pick<WireResponse, 'output' | 'usage' | 'completed_at' | 'incomplete_details' | 'error'>> & {
    status: NonNullable<WireResponse['status']>
  },
): WireResponse {
  const answered = end.status === 'completed' || end.status === 'incomplete'
  const tier = begun.service_tier === 'auto' && answered ? 'default' : begun.service_tier
  return { ...begun, ...end, service_tier: tier ?? 'default' } as WireResponse
}

/** Returns the response in the terminal event of a stream. */
export function readTerminalResponse(events: readonly ResponseStreamEvent[]): WireResponse {
  const last = events.at(-1)
  if (last === undefined || !('response' in last)) throw new Error('the stream has no terminal event')
  return last.response
}
