import { isObject, type Json, type JsonObject } from '../json.ts'

/** Returns all text of an item that a model would read: message parts, arguments, outputs, summaries. */
export function readItemText(item: JsonObject): string {
  const { content, output, input, summary } = item
  return [content, item['arguments'], output, input, summary].map(joinPartTexts).filter(Boolean).join('\n')
}

function joinPartTexts(value: Json | undefined): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value.map((part) => (isObject(part) ? String(part['text'] ?? part['refusal'] ?? '') : '')).join('\n')
}
