import { isObject, type Json, listObjects } from '../json.ts'
import { buildSample } from './sample.ts'
import { PLAIN_ANSWER, type ScriptRequest } from './script.ts'
import type { ScriptedAnswer } from './types.ts'

/**
 * Returns an answer such as a model gives: it calls a function if the request offers one and the user spoke last, and otherwise says a
 * plain text. The function is the first one that `tool_choice` allows, and its arguments are a sample of its schema.
 */
export function answerAsModel({ body, context }: ScriptRequest): ScriptedAnswer {
  const [tool] = listAllowedFunctions(body['tools'], body['tool_choice'])
  if (tool === undefined || context.at(-1)?.['role'] !== 'user') return PLAIN_ANSWER
  const args = buildSample(tool['parameters'] as Json | undefined) ?? {}
  return { items: [{ type: 'call', tool: String(tool['name']), args }] }
}

function listAllowedFunctions(tools: unknown, choice: unknown) {
  const functions = listObjects(tools).filter(({ type }) => type === 'function')
  if (choice === 'none') return []
  if (!isObject(choice)) return functions
  const allowed = choice['type'] === 'function' ? [choice] : listObjects(choice['tools'])
  return functions.filter(({ name }) => allowed.some((one) => one['name'] === name))
}
