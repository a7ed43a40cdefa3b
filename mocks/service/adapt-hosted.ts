import { isObject, listObjects } from '../json.ts'
import type { CreateBody, HostedItem } from './types.ts'

/** A request must offer a tool of this type before the service gives the item. */
const TOOL_TYPES: Readonly<Record<Exclude<HostedItem['type'], 'compaction'>, RegExp>> = {
  web_search: /^web_search/,
  file_search: /^file_search$/,
  code_interpreter: /^code_interpreter$/,
  mcp: /^mcp$/,
  mcp_list_tools: /^mcp$/,
  image_generation: /^image_generation$/,
  custom: /^custom$/,
  shell: /^shell$/,
  apply_patch: /^apply_patch$/,
  tool_search: /^tool_search$/,
}

/** The field of a tool by which one of several tools of a type is told from the others, and of the item. */
const NAMES: Partial<Record<HostedItem['type'], readonly [ofTool: string, ofItem: string]>> = {
  mcp: ['server_label', 'server'],
  mcp_list_tools: ['server_label', 'server'],
  custom: ['name', 'tool'],
}

/** Returns why an item of a tool that is no function cannot come in an answer to this request, or undefined. */
export function findHostedProblem(item: HostedItem, body: CreateBody): string | undefined {
  const described = `a ${item.type} item`
  if (item.type === 'compaction') {
    const isAsked = listObjects(body['context_management']).some(({ type }) => type === 'compaction')
    return isAsked ? undefined : `${described}, but the request asks for no compaction (context_management)`
  }
  const [ofTool, ofItem] = NAMES[item.type] ?? []
  const tool = listObjects(body['tools']).find(
    (one) =>
      TOOL_TYPES[item.type].test(String(one['type'])) &&
      (ofTool === undefined || one[ofTool] === (item as Record<string, unknown>)[ofItem ?? '']),
  )
  if (tool === undefined) return `${described}, but the request does not offer this tool (GRAMMAR J70)`
  return isAllowed(tool, body) ? undefined : `${described}, but tool_choice forbids it (GRAMMAR J74)`
}

function isAllowed(tool: Record<string, unknown>, { tool_choice: choice }: CreateBody): boolean {
  if (choice === 'none') return false
  if (!isObject(choice)) return true
  if (choice['type'] === 'allowed_tools')
    return listObjects(choice['tools']).some((one) =>
      Object.entries(one).every(([key, value]) => tool[key] === value),
    )
  return choice['type'] === tool['type'] && (choice['name'] === undefined || choice['name'] === tool['name'])
}
