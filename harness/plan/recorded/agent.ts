import { isObject, type Json, listObjects } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readItemText, readRole } from '../../history/items.ts'
import type { AgentSpec, ToolAction, ToolSpec } from '../types.ts'
import { readEnding, readRequestBody, readRequestInput } from './exchange.ts'
import { InexpressibleError } from './inexpressible.ts'

/** Returns the agent of a recorded conversation: its instructions, and its tools with their recorded results. */
export function buildAgent(conversation: readonly Recording[]): AgentSpec {
  const [first] = conversation
  const instructions = first === undefined ? '' : readInstructions(first)
  return { name: 'agent', instructions, tools: buildTools(conversation), handoffs: [] }
}

/** Returns whether an input item is a message with instructions. */
export function isInstruction(item: Parameters<typeof readRole>[0]): boolean {
  return /system|developer/.test(readRole(item) ?? '')
}

function readInstructions(exchange: Recording): string {
  const written = readRequestBody(exchange)['instructions']
  const leading = readRequestInput(exchange).filter(isInstruction).map(readItemText)
  return [...(typeof written === 'string' ? [written] : []), ...leading].join('\n\n')
}

const NO_RESULT: ToolAction = { kind: 'return', value: 'no result was recorded' }

/** Returns every tool that the requests offered, with its recorded results in the order of the calls. */
function buildTools(conversation: readonly Recording[]): ToolSpec[] {
  const tools = new Map<string, ToolSpec>()
  for (const tool of conversation.flatMap((exchange) => listObjects(readRequestBody(exchange)['tools']))) {
    const name = String(tool['name'])
    if (tools.has(name)) continue
    const parameters = isObject(tool['parameters']) ? tool['parameters'] : { type: 'object', properties: {} }
    const description = tool['description']
    const told = typeof description === 'string' ? { description } : {}
    tools.set(name, { name, ...told, parameters, does: [] })
  }
  const results = readResults(conversation)
  for (const item of conversation.flatMap((exchange) => readEnding(exchange).response?.output ?? [])) {
    if (item['type'] !== 'function_call') continue
    const tool = tools.get(String(item['name']))
    if (!tool)
      throw new InexpressibleError(
        `the recording calls ${String(item['name'])}, which no recorded request offers`,
      )
    // Only the last call can have no result: the recorded client stopped there.
    tool.does.push(results.get(item['call_id']) ?? NO_RESULT)
  }
  return [...tools.values()].map((tool) => (tool.does.length > 0 ? tool : { ...tool, does: [NO_RESULT] }))
}

function readResults(conversation: readonly Recording[]): Map<Json | undefined, ToolAction> {
  const results = new Map<Json | undefined, ToolAction>()
  for (const item of conversation.flatMap(readRequestInput))
    if (item['type'] === 'function_call_output')
      results.set(item['call_id'], { kind: 'return', value: readItemText(item) })
  return results
}
