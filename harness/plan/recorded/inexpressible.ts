import { isObject, listObjects } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readEnding, readRequestBody, readRequestInput } from './exchange.ts'

/** Thrown for a recorded conversation that no plan can express. The message is the reason. */
export class InexpressibleError extends Error {}

const plainItems = new Set(['message', 'reasoning', 'function_call'])
const plainInputs = new Set([...plainItems, 'function_call_output', 'item_reference'])

/** Throws an `InexpressibleError` if the request or the response of an exchange cannot be part of a plan. */
export function checkExpressible(exchange: Recording): void {
  const body = readRequestBody(exchange)
  if (body['background'] === true) throw new InexpressibleError('the recording runs in the background')
  if (body['generate'] === false) throw new InexpressibleError('the recording warms up a WebSocket')
  if (exchange.request.socket && body['store'] === false && typeof body['previous_response_id'] === 'string')
    throw new InexpressibleError('the recording continues a response that only its WebSocket kept')
  if (isObject(body['prompt'])) throw new InexpressibleError('the prompt is stored at the service')
  for (const tool of listObjects(body['tools']))
    if (tool['type'] !== 'function')
      throw new InexpressibleError(`the recording offers a tool of type ${String(tool['type'])}`)
  for (const item of readRequestInput(exchange)) {
    const type = String(item['type'] ?? 'message')
    if (!plainInputs.has(type)) throw new InexpressibleError(`the recorded input has an item of type ${type}`)
    for (const part of listObjects(item['content']))
      if (part['type'] !== undefined && !/text$|refusal$/.test(String(part['type'])))
        throw new InexpressibleError(`the recorded input has a part of type ${String(part['type'])}`)
  }
  for (const item of readEnding(exchange).response?.output ?? [])
    if (!plainItems.has(String(item['type'])))
      throw new InexpressibleError(`the recorded answer has an item of type ${String(item['type'])}`)
}
