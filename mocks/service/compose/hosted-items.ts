import type {
  ResponseApplyPatchToolCall,
  ResponseCodeInterpreterToolCall,
  ResponseCompactionItem,
  ResponseCustomToolCall,
  ResponseFileSearchToolCall,
  ResponseFunctionShellToolCall,
  ResponseFunctionWebSearch,
  ResponseOutputItem,
  ResponseToolSearchCall,
  ResponseToolSearchOutputItem,
} from 'openai/resources/responses/responses'
import { isObject, type JsonObject, listObjects } from '../../json.ts'
import type { CreateBody, FileSearchResult, HostedItem } from '../types.ts'
import type { ItemMaker } from './item-maker.ts'

/** The output items of tools that are no functions. */
export type HostedOutputItem =
  | ResponseApplyPatchToolCall
  | ResponseCodeInterpreterToolCall
  | ResponseCompactionItem
  | ResponseCustomToolCall
  | ResponseFileSearchToolCall
  | ResponseFunctionShellToolCall
  | ResponseFunctionWebSearch
  | ResponseOutputItem.ImageGenerationCall
  | ResponseOutputItem.McpApprovalRequest
  | ResponseOutputItem.McpCall
  | ResponseOutputItem.McpListTools
  | ResponseToolSearchCall
  | ResponseToolSearchOutputItem

/**
 * Returns the output items for a scripted item of a tool that is no function, in the form of recorded ones. Results that the
 * service sends only on request are left out unless the request includes them.
 */
export function buildHostedItems(item: HostedItem, body: CreateBody, make: ItemMaker): HostedOutputItem[] {
  const includes = (what: string) => Array.isArray(body['include']) && body['include'].includes(what)
  switch (item.type) {
    case 'web_search': {
      const action = { type: 'search' as const, query: item.query, queries: [item.query] }
      const shown = includes('web_search_call.action.sources') ? { ...action, sources: [] } : action
      const id = make.makeItemId('web_search_call')
      return [{ id, type: 'web_search_call', status: 'completed', action: shown }]
    }
    case 'file_search':
      return [
        {
          id: make.makeItemId('file_search_call'),
          type: 'file_search_call',
          status: 'completed',
          queries: item.queries,
          results: includes('file_search_call.results') ? (item.results ?? []).map(buildResult) : null,
        },
      ]
    case 'code_interpreter':
      return [
        {
          id: make.makeItemId('code_interpreter_call'),
          type: 'code_interpreter_call',
          status: 'completed',
          code: item.code,
          container_id: make.makeItemId('container'),
          outputs: includes('code_interpreter_call.outputs') ? buildOutputs(item.logs) : null,
        },
      ]
    case 'mcp':
      return [buildMcpCall(item, body, make)]
    case 'mcp_list_tools': {
      const tools = item.tools.map((name) => ({ name, input_schema: { type: 'object', properties: {} } }))
      const id = make.makeItemId('mcp_list_tools')
      return [{ id, type: 'mcp_list_tools', server_label: item.server, tools }]
    }
    case 'image_generation': {
      const id = make.makeItemId('image_generation_call')
      return [{ id, type: 'image_generation_call', status: 'completed', result: item.result }]
    }
    case 'custom':
      return [
        {
          id: make.makeItemId('custom_tool_call'),
          type: 'custom_tool_call',
          status: 'completed',
          call_id: make.makeCallId(),
          input: item.input,
          name: item.tool,
        } as ResponseCustomToolCall,
      ]
    case 'shell':
      return [
        {
          id: make.makeItemId('shell_call'),
          type: 'shell_call',
          status: 'completed',
          action: { commands: item.commands, max_output_length: null, timeout_ms: null },
          call_id: make.makeCallId(),
          environment: null,
        },
      ]
    case 'apply_patch':
      return [
        {
          id: make.makeItemId('apply_patch_call'),
          type: 'apply_patch_call',
          status: 'completed',
          call_id: make.makeCallId(),
          operation: buildOperation(item),
        },
      ]
    case 'tool_search':
      return buildToolSearch(item, body, make)
    case 'compaction': {
      const id = make.makeItemId('compaction')
      return [{ id, type: 'compaction', encrypted_content: make.makeSeal() }]
    }
  }
}

function buildResult({ file, text, score }: FileSearchResult): ResponseFileSearchToolCall.Result {
  return { attributes: {}, file_id: `file-${file.replaceAll(/\W/g, '')}`, filename: file, score, text }
}

function buildOutputs(logs: string | undefined): ResponseCodeInterpreterToolCall['outputs'] {
  return logs === undefined ? [] : [{ type: 'logs', logs }]
}

/** Returns the call of a tool of an MCP server, or the question whether it may be called. */
function buildMcpCall(
  item: Extract<HostedItem, { type: 'mcp' }>,
  body: CreateBody,
  make: ItemMaker,
): ResponseOutputItem.McpCall | ResponseOutputItem.McpApprovalRequest {
  const call = { arguments: JSON.stringify(item.args), name: item.tool, server_label: item.server }
  const { output = null, error = null } = item
  if (output === null && error === null)
    return { id: make.makeItemId('mcp_approval_request'), type: 'mcp_approval_request', ...call }
  return {
    id: make.makeItemId('mcp_call'),
    type: 'mcp_call',
    approval_request_id: findApproval(body),
    ...call,
    error: error === null ? null : { type: 'http_error', code: 424, message: error },
    output,
  }
}

/** Returns the id of the question that the input answers last with yes, or null. */
function findApproval({ input }: CreateBody): string | null {
  const answers = listObjects(input).filter(({ type }) => type === 'mcp_approval_response')
  const last = answers.findLast(({ approve }) => approve === true)
  return typeof last?.['approval_request_id'] === 'string' ? last['approval_request_id'] : null
}

function buildOperation({
  path,
  diff,
  isNew,
}: Extract<HostedItem, { type: 'apply_patch' }>): ResponseApplyPatchToolCall['operation'] {
  if (diff === undefined) return { type: 'delete_file', path }
  return isNew ? { type: 'create_file', diff, path } : { type: 'update_file', diff, path }
}

function buildToolSearch(
  { args, finds }: Extract<HostedItem, { type: 'tool_search' }>,
  body: CreateBody,
  make: ItemMaker,
): (ResponseToolSearchCall | ResponseToolSearchOutputItem)[] {
  const found = finds === undefined ? [] : findTools(finds, body)
  const call = {
    id: make.makeItemId('tool_search_call'),
    type: 'tool_search_call',
    status: 'completed',
    arguments: args,
    call_id: finds === undefined ? make.makeCallId() : null,
    execution: finds === undefined ? 'client' : 'server',
  } satisfies ResponseToolSearchCall
  if (finds === undefined) return [call]
  return [
    call,
    {
      id: make.makeItemId('tool_search_output'),
      type: 'tool_search_output',
      status: 'completed',
      call_id: null,
      execution: 'server',
      tools: found as unknown as ResponseToolSearchOutputItem['tools'],
    },
  ]
}

/** Returns the functions of a request with these names, also those in namespaces. */
function findTools(names: readonly string[], body: CreateBody): JsonObject[] {
  const all = listObjects(body['tools']).flatMap((tool) =>
    tool['type'] === 'namespace' ? listObjects(tool['tools']) : [tool],
  )
  return all.filter((tool) => isObject(tool) && names.includes(String(tool['name'])))
}
