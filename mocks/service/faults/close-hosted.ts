import type {
  ResponseApplyPatchToolCall,
  ResponseFunctionShellToolCall,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses'
import type { HostedOutputItem } from '../compose/hosted-items.ts'

type Operation = ResponseApplyPatchToolCall['operation']

/** The event that repeats the text of an item's deltas, and the field that holds the text. */
const TOLD: Partial<Record<HostedOutputItem['type'], readonly [event: string, field: string]>> = {
  custom_tool_call: ['custom_tool_call_input', 'input'],
  mcp_call: ['mcp_call_arguments', 'arguments'],
  code_interpreter_call: ['code_interpreter_call_code', 'code'],
  apply_patch_call: ['apply_patch_call_operation_diff', 'diff'],
}

/**
 * Closes an open item of a tool that is no function: adds the events that are missing, and returns the closed item. `own`
 * holds the item's events so far. What the real service does here is not known; the types of the SDK allow this.
 */
export function closeHosted(
  item: HostedOutputItem,
  own: readonly ResponseStreamEvent[],
  events: ResponseStreamEvent[],
  output_index: number,
): HostedOutputItem {
  const ended = { ...item, status: 'incomplete' } as HostedOutputItem
  if (ended.type === 'shell_call') return closeShell(ended, own, events, output_index)
  const [event, field] = TOLD[item.type] ?? []
  if (event === undefined || field === undefined) return ended
  const text = joinDeltas(own)
  const isBegun = ended.type === 'custom_tool_call' || own.some((one) => 'delta' in one)
  const isTold = own.some(({ type }) => (type as string) === `response.${event}.done`)
  if (isBegun && !isTold)
    tell(`${event}.done`, { [field]: text, item_id: item.id ?? '', output_index }, events)
  if (ended.type !== 'apply_patch_call') return { ...ended, [field]: text } as HostedOutputItem
  return { ...ended, operation: { ...ended.operation, ...(isBegun ? { diff: text } : {}) } as Operation }
}

function closeShell(
  item: ResponseFunctionShellToolCall,
  own: readonly ResponseStreamEvent[],
  events: ResponseStreamEvent[],
  output_index: number,
): ResponseFunctionShellToolCall {
  const commands = own.flatMap((event) =>
    event.type === 'response.shell_call_command.done' ? [event.command] : [],
  )
  const begun = own.findLastIndex(({ type }) => type === 'response.shell_call_command.added')
  const isOpen =
    begun >= 0 && !own.slice(begun).some(({ type }) => type === 'response.shell_call_command.done')
  if (isOpen) {
    const command = joinDeltas(own.slice(begun))
    tell('shell_call_command.done', { command, command_index: commands.length, output_index }, events)
    commands.push(command)
  }
  return { ...item, action: { ...item.action, commands } }
}

function tell(name: string, held: Record<string, unknown>, events: ResponseStreamEvent[]): void {
  const event = { type: `response.${name}`, ...held, sequence_number: events.length }
  events.push(event as unknown as ResponseStreamEvent)
}

/** Returns the text of the deltas among these events. */
export function joinDeltas(events: readonly ResponseStreamEvent[]): string {
  let text = ''
  for (const event of events) if ('delta' in event && typeof event.delta === 'string') text += event.delta
  return text
}
