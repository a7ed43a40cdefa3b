import { type HttpHandler, http } from 'msw'
import type { Service } from './service.ts'

/** The paths of the API under any origin and any base path; the service itself tells routes apart. */
const PATHS = ['*/responses', '*/responses/*', '*/conversations', '*/conversations/*']

/** The service as MSW request handlers: from the Request to the service and back, nothing else. */
export function handlersOf(handle: Service['handle']): HttpHandler[] {
  return PATHS.map((path) => http.all(path, ({ request }) => handle(request)))
}
