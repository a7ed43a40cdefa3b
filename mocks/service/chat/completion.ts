import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionMessageToolCall,
} from 'openai/resources/chat/completions'
import type { CompletionUsage } from 'openai/resources/completions'
import type { WireResponse } from '../compose/response.ts'
import { findErrorType } from '../faults/errors.ts'

/** Returns a response as a chat completion. */
export function buildCompletion(response: WireResponse): ChatCompletion {
  return {
    id: response.id,
    object: 'chat.completion',
    created: response.created_at,
    model: response.model,
    choices: [
      {
        index: 0,
        message: buildMessage(response),
        logprobs: null,
        finish_reason: readFinishReason(response),
      },
    ],
    ...(response.usage ? { usage: buildChatUsage(response) } : {}),
    ...readTier(response),
  }
}

/** Returns the service tier in the values of the chat API. */
export function readTier({ service_tier }: WireResponse): Pick<ChatCompletion, 'service_tier'> {
  return { service_tier: (service_tier ?? 'default') as NonNullable<ChatCompletion['service_tier']> }
}

/** Returns one message with all texts of the items joined and all calls in order. Reasoning is left out. */
function buildMessage({ output }: WireResponse): ChatCompletionMessage {
  let content = ''
  let refusal = ''
  const tool_calls: ChatCompletionMessageToolCall[] = []
  for (const item of output) {
    if (item.type === 'function_call')
      tool_calls.push({
        id: item.call_id,
        type: 'function',
        function: { name: item.name, arguments: item.arguments },
      })
    if (item.type !== 'message') continue
    for (const part of item.content)
      if (part.type === 'output_text') content += part.text
      else refusal += part.refusal
  }
  return {
    role: 'assistant',
    content: content === '' ? null : content,
    refusal: refusal === '' ? null : refusal,
    annotations: [],
    ...(tool_calls.length === 0 ? {} : { tool_calls }),
  }
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** Returns why the answer ends. */
export function readFinishReason({ output, incomplete_details }: WireResponse): FinishReason {
  const reason = incomplete_details?.reason
  if (reason !== undefined) return reason === 'content_filter' ? 'content_filter' : 'length'
  return output.some(({ type }) => type === 'function_call') ? 'tool_calls' : 'stop'
}

/** Returns the token counts under the names of the chat API. All are 0 for a failed response. */
export function buildChatUsage({ usage }: WireResponse): CompletionUsage {
  return {
    prompt_tokens: usage?.input_tokens ?? 0,
    completion_tokens: usage?.output_tokens ?? 0,
    total_tokens: usage?.total_tokens ?? 0,
    prompt_tokens_details: { cached_tokens: usage?.input_tokens_details.cached_tokens ?? 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage?.output_tokens_details.reasoning_tokens ?? 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

export interface ChatError {
  error: { message: string; type: string; param: string | null; code: string | null }
}

/** Returns a failed response as an error of the chat API. */
export function buildChatError({ error }: WireResponse): ChatError {
  const code = error?.code ?? 'server_error'
  return { error: { message: error?.message ?? '', type: findErrorType(code), param: null, code } }
}
