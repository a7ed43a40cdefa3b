import type { Json, JsonObject } from '../../json.ts'

/** Writes a body as a response with a content type. `cuts` are places for the cuts between deltas. */
type Wire = (body: Json, cuts: number[]) => { type: string; text: string }

/** Forms of a response on the wire. */
export const wires: readonly Wire[] = [
  (body) => ({ type: 'application/json', text: JSON.stringify(body) }),
  (body) => ({ type: 'application/json', text: JSON.stringify(body, null, 2) }),
  (body) => ({ type: 'text/plain', text: `error: ${JSON.stringify(body)}` }),
  (body) => ({
    type: 'text/event-stream',
    text: `event: x\ndata: ${JSON.stringify({ type: 'x', body })}\n\n`,
  }),
  (body) => ({
    type: 'text/event-stream',
    text: `: note\r\nid: 1\r\n${JSON.stringify({ type: 'x', body }, null, 1)
      .split('\n')
      .map((line) => `data: ${line}\r\n`)
      .join('')}\r\n`,
  }),
  (body, cuts) => ({
    type: 'text/event-stream',
    text: writeDeltas(JSON.stringify(body), cuts, writeArguments),
  }),
  (body, cuts) => ({ type: 'text/event-stream', text: writeDeltas(JSON.stringify(body), cuts, writeText) }),
  (body, cuts) => ({ type: 'text/event-stream', text: writeDeltas(JSON.stringify(body), cuts, writeChunk) }),
  (body, cuts) => ({
    type: 'text/event-stream',
    text: writeDeltas(JSON.stringify(body), cuts, writeArguments).replace(/\n\n[^\n]*\n[^\n]*\n\n$/, '\n\n'),
  }),
  (body) => ({ type: 'text/event-stream', text: `data: ${JSON.stringify({ body })}`.slice(0, -2) }),
]

type WriteDelta = (piece: string, at: number) => JsonObject

const writeArguments: WriteDelta = (delta, at) => ({
  type: 'response.function_call_arguments.delta',
  item_id: 'fc_1',
  output_index: 0,
  sequence_number: at,
  delta,
  obfuscation: 'abcdefgh',
})

const writeText: WriteDelta = (delta, at) => ({
  type: 'response.output_text.delta',
  item_id: 'msg_1',
  output_index: 0,
  content_index: 0,
  sequence_number: at,
  delta,
  logprobs: [{ token: delta, logprob: -0.5, bytes: [...Buffer.from(delta)], top_logprobs: [] }],
})

const writeChunk: WriteDelta = (piece) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  choices: [
    {
      index: 0,
      delta: { tool_calls: [{ index: 0, function: { arguments: piece } }] },
      logprobs: { content: [{ token: piece, logprob: -0.5 }] },
    },
  ],
})

/** Writes a text as deltas that are cut at the given places, and a last event with the whole text. */
function writeDeltas(whole: string, cuts: number[], write: WriteDelta): string {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length])].sort(
    (a, b) => a - b,
  )
  const events: JsonObject[] = places.slice(1).map((to, at) => write(whole.slice(places[at], to), at))
  events.push({
    type: 'response.function_call_arguments.done',
    item_id: 'fc_1',
    output_index: 0,
    arguments: whole,
  })
  return events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}
