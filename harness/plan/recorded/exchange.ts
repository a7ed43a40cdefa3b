import { parseEndpoint } from '../../../mocks/endpoint.ts'
import { isCreateExchange, readExchange } from '../../../mocks/grammar/exchange/exchange.ts'
import { isObject, type JsonObject } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readInputItems } from '../../../mocks/request.ts'
import type { ResponseEnd } from '../../../mocks/service/watch.ts'
import type { ServedResponse } from '../../contract/events.ts'

/** Whether a recorded exchange creates a response. */
export function isCreate({ request }: Recording): boolean {
  return isCreateExchange({ method: request.method, path: parseEndpoint(request.url).path })
}

/** The JSON body of a recorded request; empty where it had none. */
export function requestBody({ request }: Recording): JsonObject {
  return isObject(request.body) ? request.body : {}
}

/** The input items of a recorded request. */
export function requestInput(recording: Recording): JsonObject[] {
  return readInputItems(requestBody(recording)['input'])
}

/** How a recorded response ended, and what it said last. */
export interface Ending {
  how: ResponseEnd
  /** Null where the client never had the whole of it. */
  response: ServedResponse | null
}

const TERMINAL = ['completed', 'incomplete', 'failed']

/** The ending of a recorded exchange that creates a response. */
export function endingOf(recording: Recording): Ending {
  const { status, streamed, response, output } = readExchange(recording)
  if (status >= 300) return { how: 'http', response: null }
  const id = response?.['id']
  const said = String(response?.['status'])
  if (typeof id !== 'string' || (streamed && !TERMINAL.includes(said))) return { how: 'cut', response: null }
  return {
    how: said === 'incomplete' || said === 'failed' ? said : 'completed',
    response: { id, stored: response?.['store'] !== false, output: [...output] },
  }
}
