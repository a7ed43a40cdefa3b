import type { Attributes } from '@opentelemetry/api'
import type { Response, ResponseOutputItem } from 'openai/resources/responses/responses'
import type { Item } from '../items.ts'

/** A part of a message in gen_ai.input.messages or gen_ai.output.messages (GenAI semantic conventions). */
type Part =
  | { type: 'text' | 'reasoning'; content: string }
  | { type: 'tool_call'; id: string; name: string; arguments: string }
  | { type: 'tool_call_response'; id: string; response: unknown }

interface Message {
  role: string
  parts: Part[]
  finish_reason?: string
}

/** Returns the input of a request as messages, in JSON. Items without a text, call or output are left out. */
export function formatInputMessages(items: readonly Item[]): string {
  return JSON.stringify(items.flatMap(buildMessages))
}

/** Returns a response as one message of the model, in JSON. */
export function formatOutputMessages(response: Response): string {
  const parts = response.output.flatMap((item) =>
    buildMessages(item as Item).flatMap((message) => message.parts),
  )
  const message: Message = { role: 'assistant', parts, finish_reason: readFinishReason(response) }
  return JSON.stringify([message])
}

/** Returns the attributes of an answer, for the span of its request. */
export function buildResponseAttributes(response: Response): Attributes {
  const { id, model, usage } = response
  return {
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    'gen_ai.response.finish_reasons': [readFinishReason(response)],
    ...(usage
      ? { 'gen_ai.usage.input_tokens': usage.input_tokens, 'gen_ai.usage.output_tokens': usage.output_tokens }
      : {}),
  }
}

/** Returns why the model stopped, as a `finish_reason` of the GenAI semantic conventions. */
export function readFinishReason({ status, incomplete_details: incomplete, output }: Response): string {
  if (status === 'incomplete') return incomplete?.reason === 'content_filter' ? 'content_filter' : 'length'
  return output.some(({ type }: ResponseOutputItem) => type === 'function_call') ? 'tool_call' : 'stop'
}

function buildMessages(item: Item): Message[] {
  if ('role' in item && 'content' in item) return [{ role: item.role, parts: buildTextParts(item.content) }]
  if (item.type === 'function_call') {
    const { call_id: id, name, arguments: args } = item
    return [{ role: 'assistant', parts: [{ type: 'tool_call', id, name, arguments: args }] }]
  }
  if (item.type === 'function_call_output')
    return [
      {
        role: 'tool',
        parts: [{ type: 'tool_call_response', id: String(item.call_id), response: item.output }],
      },
    ]
  if (item.type === 'reasoning') {
    const parts = item.summary.map(({ text }): Part => ({ type: 'reasoning', content: text }))
    return [{ role: 'assistant', parts }]
  }
  return []
}

function buildTextParts(content: string | readonly object[]): Part[] {
  if (typeof content === 'string') return [{ type: 'text', content }]
  return content.flatMap((part): Part[] => {
    const { text, refusal } = part as { text?: unknown; refusal?: unknown }
    const said = text ?? refusal
    return typeof said === 'string' ? [{ type: 'text', content: said }] : []
  })
}
