import { isObject, type JsonObject, listObjects } from '../json.ts'
import { readInputItems } from '../request.ts'
import type { CreateRequest } from './models.ts'
import { defineRule, type RequestRule } from './rule.ts'
import { findRootBreach, findStrictBreach } from './strict-schema.ts'

const functionParametersAccepted = defineRule<CreateRequest>({
  id: 'function-parameters-accepted',
  statement:
    'The parameters of a function tool are a schema of an object, and of a strict one a schema that strict mode accepts',
  source:
    'SERVICE-FACTS 6: recorded (mirascope); 15a: nspady/google-calendar-mcp#39, langchain-ai/langchainjs#9804 (texts of chat completions)',
  code: 'invalid_function_parameters',
  param: 'tools[{index}].parameters',
  message: "Invalid schema for function '{name}': {breach}",
  findBreach({ body }) {
    const tools = Array.isArray(body['tools']) ? body['tools'] : []
    for (const [index, tool] of tools.entries()) {
      if (!isObject(tool) || tool['type'] !== 'function' || !isObject(tool['parameters'])) continue
      const { parameters } = tool
      const breach =
        findRootBreach(parameters) ?? (tool['strict'] === true ? findStrictBreach(parameters) : undefined)
      if (breach !== undefined) return { index, name: String(tool['name']), breach }
    }
    return undefined
  },
})

const textFormatSchemaStrict = defineRule<CreateRequest>({
  id: 'text-format-schema-strict',
  statement: 'The schema of a strict text format is one that strict mode accepts',
  source: 'SERVICE-FACTS 6: recorded (dd-trace-js); 15a: prism-php/prism#858',
  code: 'invalid_json_schema',
  param: 'text.format.schema',
  message: "Invalid schema for response_format '{name}': {breach}",
  findBreach({ body }) {
    const format = isObject(body['text']) ? body['text']['format'] : undefined
    if (!isObject(format) || format['strict'] !== true || !isObject(format['schema'])) return undefined
    const breach = findRootBreach(format['schema']) ?? findStrictBreach(format['schema'])
    return breach === undefined ? undefined : { name: String(format['name']), breach }
  },
})

/** Only without the option `toolChoiceAbsent: accept`. */
const toolChoiceNamesATool = defineRule<CreateRequest>({
  id: 'tool-choice-names-a-tool',
  statement: 'A tool_choice that names a tool names one of the tools',
  source:
    'SERVICE-FACTS 15a: many quotes for hosted tools; for the name of a function a guess, hence an option',
  param: 'tool_choice',
  message: "Tool choice '{name}' not found in 'tools' parameter.",
  findBreach({ body, options }) {
    const choice = body['tool_choice']
    if (options.toolChoiceAbsent === 'accept' || !isObject(choice) || loadsTools(body)) return undefined
    const name = readChosenName(choice)
    const tools = listObjects(body['tools'])
    const offered = [...tools, ...tools.flatMap((tool) => listObjects(tool['tools']))].map(readChosenName)
    return name === undefined || offered.includes(name)
      ? undefined
      : { name: choice['name'] === undefined ? String(choice['type']) : name }
  },
})

/** Returns whether tools can come from elsewhere than `tools`: from a prompt, or from a search for tools. */
function loadsTools(body: JsonObject): boolean {
  if (isObject(body['prompt']) || listObjects(body['tools']).some(({ type }) => type === 'tool_search'))
    return true
  const types = readInputItems(body['input']).map(({ type }) => type)
  return types.includes('additional_tools') || types.includes('tool_search_output')
}

/**
 * Returns what a tool_choice and a tool have in common: the name of a function or custom tool, or the type of a hosted tool.
 * The types of web search count as one, as a recording shows; so do those of the computer. Returns undefined for other types,
 * because nobody has seen the service refuse those.
 */
function readChosenName({ type, name }: JsonObject): string | undefined {
  if (type === 'function' || type === 'custom') return typeof name === 'string' ? name : undefined
  if (typeof type !== 'string') return undefined
  return HOSTED.find((kind) => type.startsWith(kind))
}

const HOSTED = ['web_search', 'computer', 'file_search', 'code_interpreter', 'image_generation']

/** The rules about the tools and the format of a well-formed body, in the order in which they are asked. */
export const toolRules: readonly RequestRule<CreateRequest>[] = [
  functionParametersAccepted,
  textFormatSchemaStrict,
  toolChoiceNamesATool,
]
