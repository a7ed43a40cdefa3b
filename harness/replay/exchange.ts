import { isObject, type JsonObject } from '../../mocks/json.ts'
import { endpointOf } from '../../mocks/recordings/endpoint.ts'
import type { RecordedResponse, Recording } from '../../mocks/recordings/types.ts'
import { parseSse } from '../../mocks/sse.ts'
import { inputItems } from '../history/context.ts'
import type { ResponseEnd, ServedResponse } from '../history/events.ts'

export function isCreate({ request }: Recording): boolean {
  return request.method === 'POST' && endpointOf(request.url).path === '/responses'
}

export function requestBody({ request }: Recording): JsonObject {
  return isObject(request.body) ? request.body : {}
}

export function requestInput(recording: Recording): JsonObject[] {
  return inputItems(requestBody(recording)['input'] ?? null)
}

/** How a recorded response ended, and what it said last. */
export interface Ending {
  how: ResponseEnd
  response: ServedResponse | null
}

export function endingOf(response: RecordedResponse): Ending {
  if (response.status >= 300) return { how: 'http', response: null }
  if ('json' in response.body) return endingOfBody(response.body.json)
  if ('sse' in response.body) return endingOfStream(response.body.sse)
  return { how: 'cut', response: null }
}

function endingOfBody(body: unknown): Ending {
  if (!isObject(body) || typeof body['id'] !== 'string') return { how: 'cut', response: null }
  const how = body['status'] === 'incomplete' || body['status'] === 'failed' ? body['status'] : 'completed'
  const output = Array.isArray(body['output']) ? body['output'].filter(isObject) : []
  return { how, response: { id: body['id'], stored: body['store'] !== false, output } }
}

function endingOfStream(text: string): Ending {
  const events = parseSse(text).flatMap(({ data }) => {
    try {
      const event: unknown = JSON.parse(data)
      return isObject(event) ? [event] : []
    } catch {
      return []
    }
  })
  const last = events.findLast(({ type }) => /^response\.(completed|incomplete|failed)$/.test(String(type)))
  if (last === undefined) return { how: 'cut', response: null }
  const ending = endingOfBody(last['response'])
  if (ending.response === null || ending.response.output.length > 0) return ending
  // The ChatGPT-backed service ends with an empty list; its items are in their own events.
  const done = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item)
  return { how: ending.how, response: { ...ending.response, output: done.filter(isObject) } }
}
