import { parseEndpoint } from '../../../mocks/endpoint.ts'
import { isCreateExchange, readExchange } from '../../../mocks/grammar/exchange/exchange.ts'
import { isObject, type JsonObject } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readInputItems } from '../../../mocks/request.ts'
import type { ResponseEnd } from '../../../mocks/service/watch.ts'
import type { ServedResponse } from '../../contract/events.ts'

/** Returns whether a recorded exchange is a request that creates a response. */
export function isResponseCreation({ request }: Recording): boolean {
  return isCreateExchange({ method: request.method, path: parseEndpoint(request.url).path })
}

/** Returns the JSON body of a recorded request, or an empty object if it had none. */
export function readRequestBody({ request }: Recording): JsonObject {
  return isObject(request.body) ? request.body : {}
}

export function readRequestInput(recording: Recording): JsonObject[] {
  return readInputItems(readRequestBody(recording)['input'])
}

/** How a recorded response ended, and its last state. */
export interface Ending {
  how: ResponseEnd
  /** Null if the client did not get the whole response. */
  response: ServedResponse | null
}

const TERMINAL = ['completed', 'incomplete', 'failed']

/** Returns how the response of a recorded exchange ended. */
export function readEnding(recording: Recording): Ending {
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
