import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { JsonObject } from '../../json.ts'
import type { EventSink } from './event-sink.ts'
import type { HostedOutputItem } from './hosted-items.ts'
import { ARGUMENT_SIZES, splitIntoDeltas } from './pieces.ts'

/** Returns an item of a tool that is no function as it is added: in progress, and without what its events tell. */
export function emptyHostedItem(item: HostedOutputItem): HostedOutputItem {
  switch (item.type) {
    case 'web_search_call':
      return { id: item.id, type: item.type, status: 'in_progress' } as typeof item
    case 'image_generation_call':
      return { id: item.id, type: item.type, status: 'in_progress' } as typeof item
    case 'file_search_call':
      return { ...item, status: 'in_progress', queries: [], results: null }
    case 'code_interpreter_call':
      return { ...item, status: 'in_progress', code: '', outputs: null }
    case 'mcp_call':
      return { ...item, arguments: '', error: null, output: null }
    case 'mcp_list_tools':
      return { ...item, tools: [] }
    case 'custom_tool_call':
      return { ...item, status: 'in_progress', input: '' } as typeof item
    case 'shell_call':
      return { ...item, status: 'in_progress', action: { ...item.action, commands: [] } }
    case 'apply_patch_call': {
      const { type, path } = item.operation
      return { ...item, status: 'in_progress', operation: { type, path } as typeof item.operation }
    }
    case 'tool_search_call':
      return { ...item, status: 'in_progress', arguments: {} }
    case 'tool_search_output':
      return { ...item, status: 'in_progress' }
    case 'mcp_approval_request':
    case 'compaction':
      return item
  }
}

/** Adds the events of such an item between `output_item.added` and `output_item.done` (GRAMMAR, per-item event patterns). */
export function addHostedEvents(item: HostedOutputItem, output_index: number, sink: EventSink): void {
  const tell = (name: string, more: JsonObject = {}) => addEvent(sink, name, { output_index, ...more })
  const at = { item_id: item.id ?? '' }
  switch (item.type) {
    case 'web_search_call':
    case 'file_search_call':
      for (const step of ['in_progress', 'searching', 'completed']) tell(`${item.type}.${step}`, at)
      return
    case 'image_generation_call':
      for (const step of ['in_progress', 'generating', 'completed']) tell(`${item.type}.${step}`, at)
      return
    case 'mcp_list_tools':
      for (const step of ['in_progress', 'completed']) tell(`${item.type}.${step}`, at)
      return
    case 'code_interpreter_call':
      tell('code_interpreter_call.in_progress', at)
      addTextEvents('code_interpreter_call_code', 'code', item.code ?? '', at, tell, sink)
      tell('code_interpreter_call.interpreting', at)
      tell('code_interpreter_call.completed', at)
      return
    case 'mcp_call':
      tell('mcp_call.in_progress', at)
      // Recorded streams have the arguments in one delta.
      tell('mcp_call_arguments.delta', { ...at, ...padded(item.arguments, sink) })
      tell('mcp_call_arguments.done', { ...at, arguments: item.arguments })
      tell(item.error === null ? 'mcp_call.completed' : 'mcp_call.failed', at)
      return
    case 'custom_tool_call':
      addTextEvents('custom_tool_call_input', 'input', item.input, at, tell, sink)
      return
    case 'apply_patch_call':
      if (item.operation.type !== 'delete_file')
        addTextEvents('apply_patch_call_operation_diff', 'diff', item.operation.diff, at, tell, sink)
      return
    case 'shell_call':
      for (const [command_index, command] of item.action.commands.entries()) {
        tell('shell_call_command.added', { command_index, command: '' })
        for (const delta of splitIntoDeltas(command, ARGUMENT_SIZES, sink.cutBy(command)))
          tell('shell_call_command.delta', { command_index, ...padded(delta, sink) })
        tell('shell_call_command.done', { command_index, command })
      }
      return
    case 'tool_search_call':
    case 'tool_search_output':
    case 'mcp_approval_request':
    case 'compaction':
      return
  }
}

type Tell = (name: string, more: JsonObject) => void

/** Adds the deltas of a text, and the event that repeats it. */
function addTextEvents(
  name: string,
  field: string,
  text: string,
  at: JsonObject,
  tell: Tell,
  sink: EventSink,
): void {
  for (const delta of splitIntoDeltas(text, ARGUMENT_SIZES, sink.cutBy(text)))
    tell(`${name}.delta`, { ...at, ...padded(delta, sink) })
  tell(`${name}.done`, { ...at, [field]: text })
}

function padded(delta: string, { pad }: EventSink): JsonObject {
  return pad === undefined ? { delta } : { delta, obfuscation: pad(delta) }
}

/** Adds an event with the recorded order of fields: `type` first, the others by name. */
function addEvent({ events }: EventSink, name: string, held: JsonObject): void {
  const fields = Object.entries({ ...held, sequence_number: events.length })
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  const event = { type: `response.${name}`, ...Object.fromEntries(fields) }
  events.push(event as unknown as ResponseStreamEvent)
}
