/** What a URL asks for, whatever host and base path stand before it. */
export interface Endpoint {
  /** From the API's own first segment on: `/responses/resp_1/cancel`. The whole path where it is none of the API's. */
  path: string
  query: Record<string, string>
}

const API = /\/(?:responses|conversations)(?:\/[^?#]*)?$/

/**
 * The endpoint of a request. Recordings come from different base URLs (`/v1`, Azure's `/openai/v1`, the ChatGPT
 * backend's), and are played back under another one, so only what follows the base counts.
 */
export function endpointOf(url: string): Endpoint {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const trimmed = pathname.replace(/\/+$/, '')
  // The first occurrence of the segment: an id may hold anything but a slash.
  const path = API.exec(trimmed)?.[0] ?? (trimmed || '/')
  return { path, query: Object.fromEntries(searchParams) }
}

/** Whether an endpoint is one of the Responses API's. */
export function isOfApi({ path }: Endpoint): boolean {
  return /^\/(responses|conversations)(\/|$)/.test(path)
}
