/**
 * One step of the event pattern of an item type: the events between output_item.added and output_item.done, in order
 * (GRAMMAR, per-item event patterns). The order for types with text in parts (message, reasoning, shell calls) is in
 * parts.ts.
 */
export interface Step {
  /** Event types without `response.`. Several types are alternatives. */
  events: readonly string[]
  /** The smallest number of such events. */
  least: 0 | 1
  many?: true
  /** The event repeats the text of the deltas before it. It is required if a delta came. */
  tells?: true
  /** If the step is missing, that is a quirk and not a breach. */
  mayMiss?: true
}

const once = (...events: string[]): Step => ({ events, least: 1 })
const anyNumber = (event: string): Step => ({ events: [event], least: 0, many: true })

export const PATTERNS: ReadonlyMap<string, readonly Step[]> = new Map<string, readonly Step[]>([
  ['function_call', [anyNumber('function_call_arguments.delta'), once('function_call_arguments.done')]],
  ['custom_tool_call', [anyNumber('custom_tool_call_input.delta'), once('custom_tool_call_input.done')]],
  [
    'mcp_call',
    [
      once('mcp_call.in_progress'),
      anyNumber('mcp_call_arguments.delta'),
      once('mcp_call_arguments.done'),
      once('mcp_call.completed', 'mcp_call.failed'),
    ],
  ],
  [
    'mcp_list_tools',
    [once('mcp_list_tools.in_progress'), once('mcp_list_tools.completed', 'mcp_list_tools.failed')],
  ],
  [
    'web_search_call',
    [
      once('web_search_call.in_progress'),
      once('web_search_call.searching'),
      { events: ['web_search_call.completed'], least: 1, mayMiss: true },
    ],
  ],
  [
    'file_search_call',
    [
      once('file_search_call.in_progress'),
      once('file_search_call.searching'),
      once('file_search_call.completed'),
    ],
  ],
  [
    'code_interpreter_call',
    [
      once('code_interpreter_call.in_progress'),
      anyNumber('code_interpreter_call_code.delta'),
      once('code_interpreter_call_code.done'),
      once('code_interpreter_call.interpreting'),
      once('code_interpreter_call.completed'),
    ],
  ],
  [
    'image_generation_call',
    [
      once('image_generation_call.in_progress'),
      once('image_generation_call.generating'),
      anyNumber('image_generation_call.partial_image'),
      { events: ['image_generation_call.completed'], least: 1, mayMiss: true },
    ],
  ],
  [
    'apply_patch_call',
    [
      anyNumber('apply_patch_call_operation_diff.delta'),
      { events: ['apply_patch_call_operation_diff.done'], least: 0, tells: true },
    ],
  ],
  ['compaction', [{ events: ['compaction.compacting'], least: 0 }]],
])

/** Item types that are checked part by part, and item types without events between added and done. */
const BARE = [
  'message',
  'reasoning',
  'shell_call',
  'shell_call_output',
  'tool_search_call',
  'tool_search_output',
  'local_shell_call',
  'local_shell_call_output',
  'mcp_approval_request',
  'mcp_approval_response',
  'computer_call',
  'computer_call_output',
  'function_call_output',
  'custom_tool_call_output',
  'apply_patch_call_output',
  'additional_tools',
  'program',
  'program_output',
]

export const ITEM_TYPES: ReadonlySet<string> = new Set([...PATTERNS.keys(), ...BARE])

/** The field that holds the text of an item's own deltas, in the done event and in the item. */
export const REPEATED_FIELD: ReadonlyMap<string, string> = new Map([
  ['function_call', 'arguments'],
  ['custom_tool_call', 'input'],
  ['mcp_call', 'arguments'],
  ['code_interpreter_call', 'code'],
  ['apply_patch_call', 'diff'],
])

/**
 * Item types that always have a status when added. Types in WITHOUT_STATUS never have one. All other types appear in
 * both forms.
 */
export const WITH_STATUS: ReadonlySet<string> = new Set([
  'message',
  'function_call',
  'code_interpreter_call',
  'file_search_call',
  'web_search_call',
  'image_generation_call',
  'apply_patch_call',
  'local_shell_call',
  'shell_call',
  'shell_call_output',
  'tool_search_call',
  'tool_search_output',
  'program_output',
])
export const WITHOUT_STATUS: ReadonlySet<string> = new Set([
  'compaction',
  'mcp_approval_request',
  'mcp_list_tools',
  'program',
  'reasoning',
])
export const ADDED_COMPLETED: ReadonlySet<string> = new Set([
  'computer_call',
  'message',
  'program_output',
  'shell_call_output',
])

/** Calls that the service carries out. They may fail, and on Azure some never become completed. */
export const HOSTED_CALLS: ReadonlySet<string> = new Set([
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'image_generation_call',
  'mcp_call',
])

/** The field that deltas fill, and its value when the item is added. */
export const EMPTY_AT_FIRST: ReadonlyMap<string, readonly [field: string, value: '' | 'list']> = new Map([
  ['message', ['content', 'list']],
  ['reasoning', ['summary', 'list']],
  ['function_call', ['arguments', '']],
  ['custom_tool_call', ['input', '']],
  ['mcp_call', ['arguments', '']],
  ['code_interpreter_call', ['code', '']],
])

/** Fields that keep their values from added to done. */
export const CONSTANT_FIELDS: readonly string[] = [
  'call_id',
  'name',
  'namespace',
  'role',
  'server_label',
  'execution',
]
