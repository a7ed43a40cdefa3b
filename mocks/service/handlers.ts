import type { RequestHandler } from 'msw'
import { DirectHandler } from '../handler.ts'

/** The paths of the API under any origin and base path. The service itself finds the route. */
const API = /\/(responses|conversations|models|chat\/completions)(\/[^?#]*)?([?#]|$)/

/** Returns the service as MSW request handlers. */
export function createHandlers(handle: (request: Request) => Promise<Response>): RequestHandler[] {
  return [withoutStack(() => new DirectHandler(({ url }) => API.test(url), handle))]
}

/**
 * MSW reads the place of each handler from a stack trace, for its logs. Stack traces are slow, and here all handlers
 * have one place.
 */
function withoutStack<Made>(make: () => Made): Made {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}
