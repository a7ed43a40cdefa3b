import type { JsonObject } from '../json.ts'

/** An item as it streams: as added, its events without output_index, as done. */
export interface StreamedItem {
  added: JsonObject
  between: JsonObject[]
  done: JsonObject
}

interface Told {
  text?: string
  refusal?: string
  annotations?: JsonObject[]
}

/** Returns a message with parts of type output_text or refusal. */
export function message(id: string, parts: readonly Told[], status = 'completed'): StreamedItem {
  const item = { id, type: 'message', role: 'assistant' }
  const content = parts.map(contentOf)
  const between = parts.flatMap((part, index) => contentEvents(id, part, index))
  return {
    added: { ...item, status: 'in_progress', content: [] },
    between,
    done: { ...item, status, content },
  }
}

function contentOf({ text, refusal, annotations = [] }: Told): JsonObject {
  if (refusal !== undefined) return { type: 'refusal', refusal }
  return { type: 'output_text', text: text ?? '', annotations, logprobs: [] }
}

function contentEvents(id: string, part: Told, index: number): JsonObject[] {
  const at = { item_id: id, content_index: index }
  const { refusal, text = '', annotations = [] } = part
  const name = refusal === undefined ? 'output_text' : 'refusal'
  const field = refusal === undefined ? 'text' : 'refusal'
  return [
    {
      type: 'response.content_part.added',
      ...at,
      part: { ...contentOf(part), [field]: '', ...(refusal === undefined && { annotations: [] }) },
    },
    ...deltas(refusal ?? text).map((delta) => ({ type: `response.${name}.delta`, ...at, delta })),
    ...annotations.map((annotation, annotation_index) => ({
      type: 'response.output_text.annotation.added',
      ...at,
      annotation_index,
      annotation,
    })),
    { type: `response.${name}.done`, ...at, [field]: refusal ?? text },
    { type: 'response.content_part.done', ...at, part: contentOf(part) },
  ]
}

/** Cuts a text into pieces of at most four characters, the usual size of deltas. */
export function deltas(text: string): string[] {
  return text.match(/.{1,4}/gsu) ?? []
}

export function functionCall(id: string, name: string, args: string, status = 'completed'): StreamedItem {
  return called({ id, type: 'function_call', call_id: `call_${id}`, name }, 'arguments', args, status)
}

export function customCall(id: string, name: string, input: string): StreamedItem {
  return called({ id, type: 'custom_tool_call', call_id: `call_${id}`, name }, 'input', input, 'completed')
}

function called(item: JsonObject, field: string, text: string, status: string): StreamedItem {
  const event = `response.${item['type']}_${field}`
  return {
    added: { ...item, status: 'in_progress', [field]: '' },
    between: repeatParts(event, String(item['id']), field, text),
    done: { ...item, status, [field]: text },
  }
}

function repeatParts(event: string, id: string, field: string, text: string): JsonObject[] {
  return [
    ...deltas(text).map((delta) => ({ type: `${event}.delta`, item_id: id, delta })),
    { type: `${event}.done`, item_id: id, [field]: text },
  ]
}

/** Returns a reasoning item with summary parts. `texts` are its reasoning_text parts, which open models have. */
export function reasoning(
  id: string,
  summaries: readonly string[],
  texts: readonly string[] = [],
): StreamedItem {
  const item = { id, type: 'reasoning' }
  const content = texts.map((text) => ({ type: 'reasoning_text', text }))
  return {
    added: { ...item, summary: [] },
    between: [
      ...texts.flatMap((text, index) =>
        partEvents('content_part', 'reasoning_text', { item_id: id, content_index: index }, text),
      ),
      ...summaries.flatMap((text, index) =>
        partEvents('reasoning_summary_part', 'summary_text', { item_id: id, summary_index: index }, text),
      ),
    ],
    done: {
      ...item,
      summary: summaries.map((text) => ({ type: 'summary_text', text })),
      ...(texts.length > 0 && { content }),
      encrypted_content: `sealed ${id}`,
    },
  }
}

function partEvents(event: string, type: string, at: JsonObject, text: string): JsonObject[] {
  const name = type === 'summary_text' ? 'reasoning_summary_text' : type
  return [
    { type: `response.${event}.added`, ...at, part: { type, text: '' } },
    ...deltas(text).map((delta) => ({ type: `response.${name}.delta`, ...at, delta })),
    { type: `response.${name}.done`, ...at, text },
    { type: `response.${event}.done`, ...at, part: { type, text } },
  ]
}

const progress = (item_id: string, ...names: string[]): JsonObject[] =>
  names.map((name) => ({ type: `response.${name}`, item_id }))

export function webSearch(id: string): StreamedItem {
  const item = { id, type: 'web_search_call' }
  return {
    added: { ...item, status: 'in_progress' },
    between: progress(
      id,
      'web_search_call.in_progress',
      'web_search_call.searching',
      'web_search_call.completed',
    ),
    done: { ...item, status: 'completed', action: { type: 'search', query: 'words' } },
  }
}

export function fileSearch(id: string): StreamedItem {
  const item = { id, type: 'file_search_call', results: null }
  return {
    added: { ...item, status: 'in_progress', queries: [] },
    between: progress(
      id,
      'file_search_call.in_progress',
      'file_search_call.searching',
      'file_search_call.completed',
    ),
    done: { ...item, status: 'completed', queries: ['words'] },
  }
}

export function codeInterpreter(id: string, code: string): StreamedItem {
  const item = { id, type: 'code_interpreter_call', container_id: 'cntr_1', outputs: null }
  return {
    added: { ...item, status: 'in_progress', code: '' },
    between: [
      ...progress(id, 'code_interpreter_call.in_progress'),
      ...repeatParts('response.code_interpreter_call_code', id, 'code', code),
      ...progress(id, 'code_interpreter_call.interpreting', 'code_interpreter_call.completed'),
    ],
    done: { ...item, status: 'completed', code },
  }
}

export function mcpCall(id: string, args: string, fails = false): StreamedItem {
  const item = { id, type: 'mcp_call', name: 'roll', server_label: 'dice', approval_request_id: null }
  return {
    added: { ...item, arguments: '', output: null, error: null },
    between: [
      ...progress(id, 'mcp_call.in_progress'),
      ...repeatParts('response.mcp_call_arguments', id, 'arguments', args),
      ...progress(id, fails ? 'mcp_call.failed' : 'mcp_call.completed'),
    ],
    done: { ...item, arguments: args, output: fails ? null : '4', error: fails ? { message: 'No.' } : null },
  }
}

export function mcpListTools(id: string): StreamedItem {
  const item = { id, type: 'mcp_list_tools', server_label: 'dice' }
  return {
    added: { ...item, tools: [] },
    between: progress(id, 'mcp_list_tools.in_progress', 'mcp_list_tools.completed'),
    done: { ...item, tools: [{ name: 'roll', input_schema: {} }] },
  }
}

export function imageGeneration(id: string, partials: number): StreamedItem {
  const item = { id, type: 'image_generation_call' }
  return {
    added: { ...item, status: 'in_progress' },
    between: [
      ...progress(id, 'image_generation_call.in_progress', 'image_generation_call.generating'),
      ...Array.from({ length: partials }, (_, partial_image_index) => ({
        type: 'response.image_generation_call.partial_image',
        item_id: id,
        partial_image_index,
        partial_image_b64: 'AAAA',
      })),
      ...progress(id, 'image_generation_call.completed'),
    ],
    done: { ...item, status: 'completed', result: 'AAAA' },
  }
}

/** Returns an apply_patch call. Without a diff it deletes its file and has no events of its own. */
export function applyPatch(id: string, diff?: string): StreamedItem {
  const item = { id, type: 'apply_patch_call', call_id: `call_${id}` }
  const operation = { type: diff === undefined ? 'delete_file' : 'create_file', path: 'a.txt' }
  return {
    added: { ...item, status: 'in_progress', operation },
    between:
      diff === undefined ? [] : repeatParts('response.apply_patch_call_operation_diff', id, 'diff', diff),
    done: {
      ...item,
      status: 'completed',
      operation: { ...operation, ...(diff !== undefined && { diff }) },
    },
  }
}

/** Returns a shell call. Its command events have no item_id. */
export function shellCall(id: string, commands: readonly string[]): StreamedItem {
  const item = { id, type: 'shell_call', call_id: `call_${id}` }
  return {
    added: { ...item, status: 'in_progress', action: { commands: [] } },
    between: commands.flatMap((command, command_index) => [
      { type: 'response.shell_call_command.added', command_index, command: '' },
      ...deltas(command).map((delta) => ({
        type: 'response.shell_call_command.delta',
        command_index,
        delta,
      })),
      { type: 'response.shell_call_command.done', command_index, command },
    ]),
    done: { ...item, status: 'completed', action: { commands: [...commands] } },
  }
}

export function shellOutput(id: string, stdout: string, stderr: string): StreamedItem {
  const item = { id, type: 'shell_call_output', call_id: `call_${id}` }
  const output = [{ outcome: { type: 'exit', exit_code: 0 }, stdout, stderr }]
  const at = { item_id: id, command_index: 0 }
  return {
    added: { ...item, status: 'in_progress', output: [] },
    between: [
      { type: 'response.shell_call_output_content.delta', ...at, delta: { stdout } },
      { type: 'response.shell_call_output_content.delta', ...at, delta: { stderr } },
      { type: 'response.shell_call_output_content.done', ...at, output },
    ],
    done: { ...item, status: 'completed', output },
  }
}

/** Returns an item without events between added and done. */
export function bare(
  id: string,
  type: string,
  status: string | undefined,
  more: JsonObject = {},
): StreamedItem {
  const item = { id, type, ...more }
  if (status === undefined) return { added: item, between: [], done: item }
  return { added: { ...item, status: 'in_progress' }, between: [], done: { ...item, status } }
}
