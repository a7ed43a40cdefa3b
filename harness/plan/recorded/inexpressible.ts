import { isObject, listObjects } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { endingOf, requestBody, requestInput } from './exchange.ts'

/** A conversation that no runtime's public interface can be led through; the message is the reason. */
export class Inexpressible extends Error {}

const plainItems = new Set(['message', 'reasoning', 'function_call'])
const plainInputs = new Set([...plainItems, 'function_call_output', 'item_reference'])

/** Throws where an exchange holds what only its own client could send, or what no composed answer can say. */
export function mustBePlain(exchange: Recording): void {
  const body = requestBody(exchange)
  if (body['background'] === true) throw new Inexpressible('the recording runs in the background')
  if (isObject(body['prompt'])) throw new Inexpressible('the prompt is stored at the service')
  for (const tool of listObjects(body['tools']))
    if (tool['type'] !== 'function')
      throw new Inexpressible(`the recording offers a tool of type ${String(tool['type'])}`)
  for (const item of requestInput(exchange)) {
    const type = String(item['type'] ?? 'message')
    if (!plainInputs.has(type)) throw new Inexpressible(`the recorded input has an item of type ${type}`)
    for (const part of listObjects(item['content']))
      if (part['type'] !== undefined && !/text$|refusal$/.test(String(part['type'])))
        throw new Inexpressible(`the recorded input has a part of type ${String(part['type'])}`)
  }
  for (const item of endingOf(exchange).response?.output ?? [])
    if (!plainItems.has(String(item['type'])))
      throw new Inexpressible(`the recorded answer has an item of type ${String(item['type'])}`)
}
