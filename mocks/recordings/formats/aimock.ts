import { z } from 'zod'
import type { Json } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import type { Answer, Fault, Item } from '../../service/types.ts'
import { parseJson } from '../parse.ts'
import { parseBySchema, RecordingError } from '../problem.ts'
import { RecordedRequest } from '../types.ts'

const json = RecordedRequest.shape.body

const ToolCall = z.object({ name: z.string(), arguments: json })
const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  ToolCall.extend({ type: z.literal('toolCall') }),
])

/** The response of a fixture, by the types of @copilotkit/aimock 1.43 (FixtureFileResponse). */
const Response = z.object({
  content: json.optional(),
  toolCalls: z.array(ToolCall).optional(),
  blocks: z.array(Block).optional(),
  reasoning: z.string().optional(),
  error: z.object({ code: z.string().optional() }).optional(),
  status: z.int().optional(),
  retryAfter: z.number().optional(),
})

const Fixtures = z.object({
  fixtures: z.array(
    z.object({
      match: z.object({ endpoint: z.string().optional() }),
      response: Response,
      truncateAfterChunks: z.int().min(0).optional(),
    }),
  ),
})

/**
 * Reads fixtures of @copilotkit/aimock as answers for the service, in the order of the file. A fixture has no wire
 * text, and its `match` is not used. Fixtures for endpoints other than chat are left out.
 */
export function readAimockAnswers(text: string, file: string): Answer[] {
  const { fixtures } = parseBySchema(Fixtures, parseJson(text, file), file)
  return fixtures.flatMap(({ match, response, truncateAfterChunks }, index) => {
    if (match.endpoint !== undefined && match.endpoint !== 'chat') return []
    const place = `$.fixtures[${index}].response`
    const faults: Fault[] = []
    if (response.error) faults.push(buildHttpFault(response))
    // aimock counts chunks of text. Four stream events come before the first chunk.
    if (truncateAfterChunks !== undefined) faults.push({ kind: 'reset', at: truncateAfterChunks + 4 })
    const items = response.error ? [] : buildItems(response, file, place)
    return [{ items, ...(faults.length > 0 && { faults }) }]
  })
}

type Response = z.infer<typeof Response>

function buildHttpFault({ status, error, retryAfter }: Response): Fault {
  return {
    kind: 'http',
    status: status !== undefined && status >= 400 ? status : 500,
    ...(error?.code !== undefined && { code: error.code }),
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  }
}

function buildItems(
  { content, toolCalls, blocks, reasoning }: Response,
  file: string,
  place: string,
): Item[] {
  const thought: Item[] =
    reasoning === undefined ? [] : [{ type: 'reasoning', summary: [reasoning], encrypted: false }]
  // If there are ordered blocks, they are the whole answer.
  const said: Item[] = blocks?.length
    ? blocks.map((block) => (block.type === 'text' ? { type: 'text', text: block.text } : buildCall(block)))
    : [...buildTextItems(content), ...(toolCalls ?? []).map(buildCall)]
  if (said.length === 0)
    throw new RecordingError({
      file,
      place,
      found: 'no key that makes an answer',
      expected: 'content, toolCalls, blocks or error',
    })
  return [...thought, ...said]
}

function buildTextItems(content: Json | undefined): Item[] {
  if (content === undefined || content === '' || content === null) return []
  return [{ type: 'text', text: typeof content === 'string' ? content : JSON.stringify(content) }]
}

/** Returns a call. Its arguments are JSON or the text of JSON. Text that is not JSON stays a string. */
function buildCall(call: z.infer<typeof ToolCall>): Item {
  const args =
    typeof call.arguments === 'string'
      ? ((parseJsonOrUndefined(call.arguments) as Json | undefined) ?? call.arguments)
      : call.arguments
  return { type: 'call', tool: call.name, args }
}
