import { isObject, type Json, listObjects } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readItemText, readRole } from '../../history/items.ts'
import type { AgentSpec, ToolAct, ToolSpec } from '../types.ts'
import { endingOf, requestBody, requestInput } from './exchange.ts'
import { Inexpressible } from './inexpressible.ts'

/** The agent of a recorded conversation: its instructions, and its tools with what they returned. */
export function agentOf(conversation: readonly Recording[]): AgentSpec {
  const [first] = conversation
  const instructions = first === undefined ? '' : instructionsOf(first)
  return { name: 'agent', instructions, tools: toolsOf(conversation), handoffs: [] }
}

/** Whether an item is a message by which a client gives instructions within the input. */
export function instructs(item: Parameters<typeof readRole>[0]): boolean {
  return /system|developer/.test(readRole(item) ?? '')
}

function instructionsOf(exchange: Recording): string {
  const written = requestBody(exchange)['instructions']
  const leading = requestInput(exchange).filter(instructs).map(readItemText)
  return [...(typeof written === 'string' ? [written] : []), ...leading].join('\n\n')
}

const NO_RESULT: ToolAct = { kind: 'return', value: 'no result was recorded' }

/** Every tool that the conversation offered, with the results of its calls in the order of the calls. */
function toolsOf(conversation: readonly Recording[]): ToolSpec[] {
  const tools = new Map<string, ToolSpec>()
  for (const tool of conversation.flatMap((exchange) => listObjects(requestBody(exchange)['tools']))) {
    const name = String(tool['name'])
    if (tools.has(name)) continue
    const parameters = isObject(tool['parameters']) ? tool['parameters'] : { type: 'object', properties: {} }
    const description = tool['description']
    const told = typeof description === 'string' ? { description } : {}
    tools.set(name, { name, ...told, parameters, does: [] })
  }
  const results = resultsIn(conversation)
  for (const item of conversation.flatMap((exchange) => endingOf(exchange).response?.output ?? [])) {
    if (item['type'] !== 'function_call') continue
    const tool = tools.get(String(item['name']))
    if (!tool)
      throw new Inexpressible(`the recording calls ${String(item['name'])}, which no recorded request offers`)
    // A call without a result was the last: the recorded client had what it wanted, or had reached its limit.
    tool.does.push(results.get(item['call_id']) ?? NO_RESULT)
  }
  return [...tools.values()].map((tool) => (tool.does.length > 0 ? tool : { ...tool, does: [NO_RESULT] }))
}

function resultsIn(conversation: readonly Recording[]): Map<Json | undefined, ToolAct> {
  const results = new Map<Json | undefined, ToolAct>()
  for (const item of conversation.flatMap(requestInput))
    if (item['type'] === 'function_call_output')
      results.set(item['call_id'], { kind: 'return', value: readItemText(item) })
  return results
}
