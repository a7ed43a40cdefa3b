import { toDifferingJson } from '../../differing-texts.ts'
import { isObject, type Json, type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { beginPart, closePart, createPart, onPartTextDone, type PartKind } from './parts.ts'
import { type Item, reportBreach, type StreamState } from './state.ts'

const RULES = {
  counts: {
    id: 'command-index-counts',
    statement: 'command_index counts 0, 1, 2, … in each shell call',
    source: 'SDK type ResponseShellCallCommandAddedEvent; GRAMMAR, pattern of shell_call',
  },
  itemRepeats: {
    id: 'item-repeats-commands',
    statement: 'action.commands of a done shell_call are the streamed commands',
    source: 'GRAMMAR, pattern of shell_call; recording vercel/ai openai-shell-skills',
  },
  output: {
    id: 'shell-output-adds-up',
    statement:
      'The joined stdout and stderr deltas of a shell_call_output equal the output of its output_content.done',
    source: 'GRAMMAR, pattern of shell_call_output; recording vercel/ai openai-shell-skills',
  },
} as const satisfies Record<string, Rule>

export const shellRules: readonly Rule[] = Object.values(RULES)

export const COMMAND: PartKind = {
  type: 'command',
  item: 'shell_call',
  index: 'command_index',
  field: 'command',
}

export function onCommandAdded(state: StreamState, item: Item, data: JsonObject): void {
  beginPart(state, item, item.parts, 'command', data['command_index'], RULES.counts)
}

/** Ends a command. A command has no event that ends its part, so the done event of its text also closes the part. */
export function onCommandDone(state: StreamState, item: Item, data: JsonObject, event: string): void {
  onPartTextDone(state, item, data, COMMAND, event)
  closePart(state, item, data, COMMAND, event)
}

export function checkCommands(state: StreamState, item: Item, { action }: JsonObject): void {
  const commands = isObject(action) ? action['commands'] : undefined
  const same =
    Array.isArray(commands) &&
    commands.length === item.parts.length &&
    commands.every((command, at) => command === item.parts[at]?.text)
  if (same) return
  const expected = `expected the ${item.parts.length} that were streamed`
  reportBreach(state, RULES.itemRepeats, `found commands ${toShortJson(commands)}, ${expected}`)
}

/** Collects output deltas: stdout in `item.text`, stderr in one part. */
export function onOutputDelta(_state: StreamState, item: Item, { delta }: JsonObject): void {
  item.text += readText(delta, 'stdout')
  item.part ??= { ...createPart(0, 'stderr'), stage: 'closed' }
  item.part.text += readText(delta, 'stderr')
}

export function onOutputDone(state: StreamState, item: Item, { output }: JsonObject): void {
  const told = Array.isArray(output) ? output : []
  const stdout = told.map((one) => readText(one, 'stdout')).join('')
  const stderr = told.map((one) => readText(one, 'stderr')).join('')
  const errors = item.part?.text ?? ''
  if (item.added === undefined || (stdout === item.text && stderr === errors)) {
    item.text = ''
    item.part = undefined
    return
  }
  const [found, given] = toDifferingJson(output, [item.text, errors])
  reportBreach(state, RULES.output, `found output ${found}, the deltas give ${given}`)
}

/** Reports output deltas that no output_content.done repeated. */
export function checkOutputRepeated(state: StreamState, item: Item): void {
  if (!item.part) return
  reportBreach(state, RULES.output, `item ${item.id} is done, expected shell_call_output_content.done before`)
}

function readText(value: Json | undefined, key: string): string {
  const text = isObject(value) ? value[key] : undefined
  return typeof text === 'string' ? text : ''
}
