import type { RequestHandler } from 'msw'
import { DirectHandler } from '../handler.ts'

/** The paths of the API under any origin and any base path; the service itself tells routes apart. */
const API = /\/(responses|conversations|chat\/completions)(\/[^?#]*)?([?#]|$)/

/** The service as MSW request handlers: from the Request to the service and back, nothing else. */
export function handlersOf(handle: (request: Request) => Promise<Response>): RequestHandler[] {
  return [withoutStack(() => new DirectHandler(({ url }) => API.test(url), handle))]
}

/** MSW reads off a stack trace where a handler was made, for its logs. Ours are all made here, and a trace is dear. */
function withoutStack<Made>(make: () => Made): Made {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}
