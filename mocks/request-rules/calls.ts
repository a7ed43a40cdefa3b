import type { JsonObject } from '../json.ts'
import { resolveReferences } from './item-references.ts'
import type { InputContext } from './known.ts'
import { defineRule, type RequestRule } from './rule.ts'

interface CallKind {
  /** Type of the item that answers it. */
  output: string
  /** The name of this kind in the service's messages. */
  name: string
  /** Whether traffic or reports show the refusal of an unanswered call. */
  seen: boolean
}

/** The calls that the client answers, by item type. The service answers the calls of hosted tools. */
export const CALL_KINDS: ReadonlyMap<string, CallKind> = new Map([
  ['function_call', { output: 'function_call_output', name: 'function call', seen: true }],
  ['custom_tool_call', { output: 'custom_tool_call_output', name: 'custom tool call', seen: true }],
  ['computer_call', { output: 'computer_call_output', name: 'computer call', seen: false }],
  ['local_shell_call', { output: 'local_shell_call_output', name: 'local shell call', seen: false }],
  ['shell_call', { output: 'shell_call_output', name: 'shell call', seen: false }],
  ['apply_patch_call', { output: 'apply_patch_call_output', name: 'apply patch call', seen: false }],
])

const NAME_OF_OUTPUT = new Map([...CALL_KINDS].map(([, kind]) => [kind.output, kind.name]))

/** Returns the id of the call that an output answers. `local_shell_call_output` has it in `id` (SDK types). */
export function readAnsweredCallId(item: JsonObject): string | undefined {
  const type = item['type']
  if (typeof type !== 'string' || !NAME_OF_OUTPUT.has(type)) return undefined
  const id = item['call_id'] ?? (type === 'local_shell_call_output' ? item['id'] : undefined)
  return typeof id === 'string' ? id : undefined
}

/**
 * Returns the calls among `items` that no output among them answers, in order. A call with `async: true` is never open: its
 * output may come in any later turn (SERVICE-FACTS 15d, 16).
 */
export function findOpenCalls(items: readonly JsonObject[]): { callId: string; type: string }[] {
  const answered = new Set(items.map(readAnsweredCallId))
  const open: { callId: string; type: string }[] = []
  for (const { type, call_id: callId, async } of items) {
    if (typeof type !== 'string' || typeof callId !== 'string' || async === true) continue
    if (CALL_KINDS.has(type) && !answered.has(callId)) open.push({ callId, type })
  }
  return open
}

const callsAnswered = defineRule<InputContext>({
  id: 'calls-answered',
  statement:
    'Every call in the chain and in the input, except one with async: true, has its output in the chain or in the input',
  source:
    'SERVICE-FACTS 2: openai/openai-agents-python#673, #1061, #3004; Azure/azure-sdk-for-python#46092; OmniRoute#8946; async calls: SERVICE-FACTS 15d, 16',
  param: 'input',
  message: 'No tool output found for {kind} {call_id}.',
  findBreach(context) {
    const open = findOpenCalls(joinContext(context)).find(
      ({ type }) => context.needsEveryKindAnswered || CALL_KINDS.get(type)?.seen,
    )
    return open && { kind: CALL_KINDS.get(open.type)?.name ?? open.type, call_id: open.callId }
  },
})

const outputsHaveCalls = defineRule<InputContext>({
  id: 'outputs-have-calls',
  statement: 'Every output answers a call in the chain or in the input',
  source: 'SERVICE-FACTS 3: microsoft/vscode#320060, continuedev/continue#10092',
  param: 'input',
  message: 'No tool call found for {kind} output with call_id {call_id}.',
  findBreach(context) {
    if (!context.isComplete) return undefined
    const calls = new Set(joinContext(context).map((item) => canHaveOutput(item) && item['call_id']))
    for (const item of context.input) {
      const callId = readAnsweredCallId(item)
      if (callId === undefined || calls.has(callId)) continue
      return { kind: NAME_OF_OUTPUT.get(String(item['type'])) ?? '', call_id: callId }
    }
    return undefined
  },
})

/** Only under the option `secondOutput`. */
export const callAnsweredOnce = defineRule<InputContext>({
  id: 'call-answered-once',
  statement: 'No call has two outputs in the chain and the input',
  source: 'SERVICE-FACTS 3: a gateway, NousResearch/hermes-agent#102629; of OpenAI unknown, hence an option',
  param: 'input',
  message: 'Duplicate function_call_output for call_id {id}.',
  findBreach({ chain, input, refusesSecondOutput }) {
    if (!refusesSecondOutput) return undefined
    const answered = [...chain, ...input].map(readAnsweredCallId).filter((id) => id !== undefined)
    const twice = answered.find((id, at) => answered.indexOf(id) !== at)
    return twice === undefined ? undefined : { id: twice }
  },
})

/** A client may answer its own tool_search_call with a function_call_output, as the recorded pydantic-ai does. */
function canHaveOutput({ type }: JsonObject): boolean {
  return typeof type === 'string' && (CALL_KINDS.has(type) || type === 'tool_search_call')
}

function joinContext(context: InputContext): JsonObject[] {
  return [...context.chain, ...resolveReferences(context)]
}

export const callRules: readonly RequestRule<InputContext>[] = [callsAnswered, outputsHaveCalls]
