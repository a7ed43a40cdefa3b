import { isObject, type Json, type JsonObject, listObjects } from '../../json.ts'

/** Returns the input items of one chat message: its text, then its calls. */
export function translateMessage(message: JsonObject): JsonObject[] {
  const role = String(message['role'])
  if (role === 'tool') {
    const output = translateContent(message['content'], 'input_text')
    return [{ type: 'function_call_output', call_id: message['tool_call_id'] ?? '', output }]
  }
  if (role !== 'assistant')
    return [{ type: 'message', role, content: translateContent(message['content'], 'input_text') }]
  return [...translateAssistantText(message), ...listObjects(message['tool_calls']).map(translateCall)]
}

/** Returns the message item of an assistant message. A message with calls alone has none. */
function translateAssistantText({ content, refusal }: JsonObject): JsonObject[] {
  const parts = translateContent(content, 'output_text')
  const said =
    typeof parts === 'string' ? (parts === '' ? [] : [{ type: 'output_text', text: parts }]) : parts
  const refused = typeof refusal === 'string' ? [{ type: 'refusal', refusal }] : []
  const all = [...said, ...refused]
  return all.length === 0 ? [] : [{ type: 'message', role: 'assistant', content: all }]
}

function translateCall(call: JsonObject): JsonObject {
  const { id = '', type } = call
  const held = isObject(call[String(type)]) ? (call[String(type)] as JsonObject) : {}
  return type === 'custom'
    ? { type: 'custom_tool_call', call_id: id, name: held['name'] ?? '', input: held['input'] ?? '' }
    : { type: 'function_call', call_id: id, name: held['name'] ?? '', arguments: held['arguments'] ?? '' }
}

type TextPart = 'input_text' | 'output_text'

/** Returns the content of a message. A text stays a text. */
function translateContent(content: Json | undefined, text: TextPart): string | JsonObject[] {
  return Array.isArray(content)
    ? listObjects(content).map((part) => translatePart(part, text))
    : String(content ?? '')
}

function translatePart(part: JsonObject, text: TextPart): JsonObject {
  switch (part['type']) {
    case 'text':
      return { type: text, text: part['text'] ?? '' }
    case 'refusal':
      return { type: 'refusal', refusal: part['refusal'] ?? '' }
    case 'image_url':
      return { type: 'input_image', ...translateImage(part['image_url']) }
    case 'file':
      return { type: 'input_file', ...(isObject(part['file']) ? part['file'] : {}) }
    default:
      return part
  }
}

function translateImage(image: Json | undefined): JsonObject {
  if (!isObject(image)) return {}
  const { url = '', detail } = image
  return { image_url: url, ...(detail === undefined ? {} : { detail }) }
}

/** Returns all text of a content, one part per line. */
export function joinContentText(content: Json | undefined): string {
  const parts = translateContent(content, 'input_text')
  return typeof parts === 'string' ? parts : parts.map(({ text }) => String(text ?? '')).join('\n')
}
