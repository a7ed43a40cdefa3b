import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { WireResponse } from '../compose/response.ts'
import { findErrorType } from '../faults/errors.ts'
import {
  buildChatError,
  buildChatUsage,
  type ChatError,
  type FinishReason,
  readFinishReason,
  readTier,
} from './completion.ts'

type Delta = ChatCompletionChunk.Choice.Delta
type ToolCall = ChatCompletionChunk.Choice.Delta.ToolCall
type Chunk = ChatCompletionChunk | ChatError | (ChatCompletionChunk & { obfuscation: string })

/**
 * Returns a function that turns the events of a response stream into chat completion chunks. Most events have no chunk.
 * The first chunk has the role. The terminal event gives the finish reason, so that a stream that breaks earlier has
 * none.
 */
export function createChunkWriter(includeUsage: boolean): (event: ResponseStreamEvent) => Chunk[] {
  let response: WireResponse | undefined
  let begun = false
  // The index of each call in `tool_calls`, by the output index of its item.
  const calls = new Map<number, number>()

  const chunk = (delta: Delta, finish_reason: FinishReason | null = null): ChatCompletionChunk => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason }]
    return { ...buildHead(response), choices, ...(includeUsage ? { usage: null } : {}) }
  }
  const said = (delta: Delta, content: '' | null): ChatCompletionChunk => {
    if (begun) return chunk(delta)
    begun = true
    return chunk({ role: 'assistant', content, refusal: null, ...delta })
  }
  const called = (output_index: number, call: Omit<ToolCall, 'index'>): Delta => {
    const index = calls.get(output_index) ?? calls.size
    calls.set(output_index, index)
    return { tool_calls: [{ index, ...call }] }
  }
  const ended = (final: WireResponse): Chunk[] => {
    const first = begun ? [] : [said({}, '')]
    const usage = includeUsage ? [{ ...buildHead(final), choices: [], usage: buildChatUsage(final) }] : []
    return [...first, chunk({}, readFinishReason(final)), ...usage]
  }

  return (event) => {
    switch (event.type) {
      case 'response.created':
        response = event.response
        return []
      case 'response.output_item.added': {
        const { item, output_index } = event
        if (item.type === 'message') return begun ? [] : [said({}, '')]
        if (item.type !== 'function_call') return []
        const { call_id: id, name } = item
        return [said(called(output_index, { id, type: 'function', function: { name, arguments: '' } }), null)]
      }
      case 'response.output_text.delta':
        return [addPadding(said({ content: event.delta }, ''), event)]
      case 'response.refusal.delta':
        return [said({ refusal: event.delta }, '')]
      case 'response.function_call_arguments.delta':
        return [
          addPadding(said(called(event.output_index, { function: { arguments: event.delta } }), null), event),
        ]
      case 'response.completed':
      case 'response.incomplete':
        return ended(event.response)
      case 'response.failed':
        return [buildChatError(event.response)]
      case 'error':
        // If the error is nested, response.failed follows and reports it.
        return 'error' in event ? [] : [buildFlatError(event)]
      default:
        // An event of an unknown type becomes a chunk without content.
        return event.type === ('response.conformance.unknown' as string)
          ? [{ ...chunk({}), note: 'ignore me' } as ChatCompletionChunk]
          : []
    }
  }
}

function buildHead(response: WireResponse | undefined): Omit<ChatCompletionChunk, 'choices'> {
  const { id = '', created_at: created = 0, model = '' } = response ?? {}
  const tier = response === undefined ? {} : readTier(response)
  return { id, object: 'chat.completion.chunk', created, model, ...tier }
}

/** Copies the random padding (`obfuscation`) of a Responses event to the chunk, under the same key. */
function addPadding(chunk: ChatCompletionChunk, event: ResponseStreamEvent): Chunk {
  const obfuscation = 'obfuscation' in event ? event.obfuscation : undefined
  return typeof obfuscation === 'string' ? { ...chunk, obfuscation } : chunk
}

function buildFlatError({
  code,
  message,
  param,
}: Extract<ResponseStreamEvent, { type: 'error' }>): ChatError {
  return { error: { message, type: findErrorType(code ?? ''), param: param ?? null, code: code ?? null } }
}
