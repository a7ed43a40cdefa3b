import { z } from 'zod'
import { isObject, type Json } from '../../json.ts'
import { parseJson } from '../parse.ts'
import { parseBySchema } from '../problem.ts'
import {
  ID,
  RecordedRequest,
  RecordedResponse,
  type Recording,
  type RecordingFile,
  RecordingLink,
} from '../types.ts'
import { checkRequestBodies } from './missing-bodies.ts'

const json = RecordedRequest.shape.body

/** Names as one text. Only people read them, so an unexpected shape is ignored. */
const names = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .catch(null)
  .transform((held) => (Array.isArray(held) ? held.join(', ') : held))

/** One conversation of a set that was collected from public projects (docs/grammar.md). */
const Conversation = z.object({
  id: z.string().regex(ID),
  source: z.object({ repo: z.string() }).partial().optional(),
  recordedWith: z.object({ sdk: names, provider: names }).partial().optional(),
  interactions: z.array(
    z.object({
      request: z.object({
        method: z.string(),
        url: RecordedRequest.shape.url,
        headers: RecordedRequest.shape.headers,
        body: json,
        recorded: z.boolean().default(true),
      }),
      response: z.object({
        status: RecordedResponse.shape.status,
        headers: RecordedResponse.shape.headers,
        body: json,
        rawSse: z.string().optional(),
      }),
      links: z.array(RecordingLink).optional(),
    }),
  ),
})

type Interaction = z.infer<typeof Conversation>['interactions'][number]

/**
 * Reads one collected conversation. The wire text of a stream is `rawSse` if the file has it. If the file has only
 * parsed events, the wire text is rebuilt as the service writes it and marked `exact: false`.
 */
export function readConversation(text: string, file: string): RecordingFile[] {
  const read = parseBySchema(Conversation, parseJson(text, file), file)
  const client = read.recordedWith?.sdk ?? read.source?.repo
  const server = read.recordedWith?.provider
  const recordings = read.interactions.map((interaction, index) => buildRecording(interaction, index, file))
  checkRequestBodies(recordings, file, (index) => `$.interactions[${index}]`)
  return [
    {
      schema: 1,
      id: read.id,
      madeWith: { ...(client && { client }), ...(server && { server }) },
      recordings,
    },
  ]
}

function buildRecording(interaction: Interaction, index: number, file: string): Recording {
  const { request, response, links } = interaction
  const { status, headers } = response
  return {
    request,
    response: { status, headers, body: buildBody(response, index, file) },
    ...(links && { links }),
  }
}

function buildBody(
  response: Interaction['response'],
  index: number,
  file: string,
): Recording['response']['body'] {
  if (response.rawSse !== undefined) return { sse: response.rawSse, exact: true }
  const events = findEvents(response.body)
  if (events === undefined) return { json: response.body }
  const place = `$.interactions[${index}].response.body.sse`
  return { sse: parseBySchema(Events, events, file, place).map(writeFrame).join(''), exact: false }
}

const oneLine = z.string().regex(/^[^\r\n]*$/, 'a name on one line')
const Events = z.array(z.object({ event: oneLine.nullish(), data: json }))

/** Returns the parsed events of a body of the form `{ sse: [...] }`, or undefined. */
function findEvents(body: Json): Json[] | undefined {
  if (!isObject(body) || Object.keys(body).length !== 1) return undefined
  return Array.isArray(body['sse']) ? body['sse'] : undefined
}

/** Returns the wire text of one event. */
export function writeFrame({ event, data }: z.infer<typeof Events>[number]): string {
  const name = event ? `event: ${event}\n` : ''
  const lines = (typeof data === 'string' ? data : JSON.stringify(data)).split(/\r\n|\r|\n/)
  return `${name}${lines.map((line) => `data: ${line}\n`).join('')}\n`
}
