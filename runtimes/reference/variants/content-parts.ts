import type { Item } from '../items.ts'
import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'content-parts',
  does: 'Writes messages of the user and outputs of tools as lists of parts, and names the type of each message.',
  source: 'https://platform.openai.com/docs/api-reference/responses/create (input_text parts)',
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return { ...body, input: body.input.map(writeParts) }
    },
  }),
} satisfies Variant

function writeParts(item: Item): Item {
  if ('role' in item && item.role === 'user' && typeof item.content === 'string')
    return { type: 'message', role: 'user', content: [{ type: 'input_text' as const, text: item.content }] }
  if (item.type === 'function_call_output' && typeof item.output === 'string')
    return { ...item, output: [{ type: 'input_text' as const, text: item.output }] }
  return item
}
