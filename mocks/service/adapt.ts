import { isObject, type Json, type JsonObject, listObjects } from '../json.ts'
import { parseJsonOrUndefined } from '../limits.ts'
import { findHostedProblem } from './adapt-hosted.ts'
import { isPlain, type SpokenItem } from './compose/items.ts'
import { buildSample, fitsSchema } from './sample.ts'
import type { CreateBody, Fault, HostedItem, Item, ScriptedAnswer } from './types.ts'

/** An answer that fits the request, and the changes that were needed. */
export interface Adapted {
  items: SpokenItem[]
  /** One entry for each scripted thing that cannot come according to SERVICE-FACTS. */
  changes: { found: string; adapted: string }[]
}

/**
 * Changes a scripted answer into one that the service could give to this request (SERVICE-FACTS 9; GRAMMAR J70 to J74).
 * Each change is reported, because it is a mistake of the script.
 * - A call of a tool that the request does not offer is left out. Under `tool_choice: none` every call is left out.
 * - Under `parallel_tool_calls: false` only the first call stays.
 * - If `tool_choice` asks for a call and none is left, the first allowed tool is called with a sample of its schema. A
 *   message does not come with a forced call: no recorded answer to a forced choice has one.
 * - If `text.format` asks for JSON, text that is not JSON becomes a sample of the schema. So does JSON that does not fit a
 *   strict schema.
 * - If nothing is left, or only reasoning, the answer says "OK.".
 * - An error event for a JSON answer becomes a failed response.
 */
export function adaptAnswer(answer: ScriptedAnswer, body: CreateBody, fault?: Fault): Adapted {
  const tools = listFunctionTools(body)
  const choice = readToolChoice(body, tools)
  const changes: Adapted['changes'] = []
  const items: SpokenItem[] = []
  let calls = 0
  for (const item of answer.items) {
    const spoken = item.type === 'handoff' ? buildHandoffCall(item.to, tools) : item
    const found =
      spoken === undefined ? describeItem(item) : findCallProblem(spoken, tools, choice, calls, body)
    if (spoken === undefined || found !== undefined) {
      changes.push({ found: found ?? describeItem(item), adapted: 'the item is left out' })
      continue
    }
    if (spoken.type === 'call') calls++
    items.push(spoken.type === 'text' ? formatText(spoken, body, changes) : spoken)
  }
  const isCalled = calls > 0 || items.some((item) => !isPlain(item))
  const forced =
    choice.needed && !isCalled ? tools.find((tool) => choice.allowed(String(tool['name']))) : undefined
  if (forced !== undefined) {
    const tool = String(forced['name'])
    changes.push({
      found: 'an answer without a call, but tool_choice asks for one',
      adapted: `a call of ${tool}`,
    })
    items.push({ type: 'call', tool, args: buildSample(forced['parameters']) ?? {} })
  }
  if (fault?.kind === 'error-event' && body['stream'] !== true && body['background'] !== true)
    changes.push({ found: 'an error event in a JSON answer', adapted: 'a failed response' })
  if (choice.needed && items.some(({ type }) => type === 'call')) dropMessages(items, changes)
  const saysNothing = items.every(({ type }) => type === 'reasoning') && items.length < answer.items.length
  if (items.length === 0 || saysNothing) items.push(formatText({ type: 'text', text: 'OK.' }, body, []))
  return { items, changes }
}

/** Removes messages from an answer that `tool_choice` forces to be a call. */
function dropMessages(items: SpokenItem[], changes: Adapted['changes']): void {
  for (const item of items.splice(0)) {
    if (item.type !== 'text' && item.type !== 'refusal') items.push(item)
    else
      changes.push({
        found: `${describeItem(item)}, but tool_choice asks for a call`,
        adapted: 'the item is left out',
      })
  }
}

function buildHandoffCall(to: string, tools: readonly JsonObject[]): SpokenItem | undefined {
  const tool = findHandoffTool(
    to,
    tools.map((tool) => String(tool['name'])),
  )
  if (tool === undefined) return undefined
  const { parameters } = tools.find(({ name }) => name === tool) ?? {}
  return { type: 'call', tool, args: buildSample(parameters) ?? {} }
}

/** Returns the tool for a handoff: the offered tool that is named after the agent. */
export function findHandoffTool(to: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  const agent = plain(to)
  return (
    names.find((name) => [`transfer_to_${agent}`, `handoff_to_${agent}`].includes(plain(name))) ??
    names.find((name) => plain(name).endsWith(`_${agent}`)) ??
    names.find((name) => plain(name) === agent)
  )
}

function describeItem(item: Item | HostedItem): string {
  switch (item.type) {
    case 'handoff':
      return `a handoff to ${item.to}, but the request offers no tool for it`
    case 'call':
      return `a call of ${item.tool}`
    default:
      return `a ${item.type} item`
  }
}

function findCallProblem(
  item: SpokenItem,
  tools: readonly JsonObject[],
  choice: Choice,
  calls: number,
  body: CreateBody,
): string | undefined {
  if (!isPlain(item)) return findHostedProblem(item, body)
  if (item.type !== 'call') return undefined
  if (!tools.some(({ name }) => name === item.tool))
    return `${describeItem(item)}, but the request does not offer this tool (GRAMMAR J70)`
  if (!choice.allowed(item.tool)) return `${describeItem(item)}, but tool_choice forbids it (GRAMMAR J74)`
  if (body['parallel_tool_calls'] === false && calls > 0)
    return `${describeItem(item)} in addition to another call, but parallel_tool_calls is false (GRAMMAR J72)`
  return undefined
}

interface Choice {
  needed: boolean
  allowed(tool: string): boolean
}

function readToolChoice(body: CreateBody, tools: readonly JsonObject[]): Choice {
  const choice = body['tool_choice']
  if (choice === 'none') return { needed: false, allowed: () => false }
  if (choice === 'required') return { needed: tools.length > 0, allowed: () => true }
  if (isObject(choice) && choice['type'] === 'function')
    return { needed: true, allowed: (tool) => tool === choice['name'] }
  if (isObject(choice) && choice['type'] === 'allowed_tools' && Array.isArray(choice['tools'])) {
    const names = choice['tools'].map((tool) => (isObject(tool) ? tool['name'] : undefined))
    return { needed: choice['mode'] === 'required', allowed: (tool) => names.includes(tool) }
  }
  return { needed: false, allowed: () => true }
}

function listFunctionTools(body: CreateBody): JsonObject[] {
  return listObjects(body['tools']).filter(({ type }) => type === 'function')
}

/** Returns a text in the format that the request asks for (GRAMMAR J71). */
function formatText(
  item: Extract<SpokenItem, { type: 'text' | 'refusal' }>,
  body: CreateBody,
  changes: Adapted['changes'],
): SpokenItem {
  const format =
    isObject(body['text']) && isObject(body['text']['format']) ? body['text']['format'] : undefined
  const kind = format?.['type']
  if (item.type !== 'text' || (kind !== 'json_schema' && kind !== 'json_object')) return item
  const given = parseJsonOrUndefined(item.text) as Json | undefined
  const schema = kind === 'json_schema' && isObject(format?.['schema']) ? format['schema'] : undefined
  const isBound = schema !== undefined && format?.['strict'] === true
  if (given !== undefined && !(isBound && !fitsSchema(given, schema))) return item
  const text = JSON.stringify(schema ? (buildSample(schema) ?? {}) : { text: item.text })
  const found =
    given === undefined
      ? `text that is not JSON, but text.format is ${kind} (GRAMMAR J71)`
      : 'JSON that does not fit the strict schema of text.format (GRAMMAR J71)'
  changes.push({ found, adapted: text })
  return { ...item, text }
}
