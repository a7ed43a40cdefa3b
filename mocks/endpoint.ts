/** The endpoint that a URL names, without host and base path. */
export interface Endpoint {
  /** The path from the first segment of the API on: `/responses/resp_1/cancel`. For other URLs, the whole path. */
  path: string
  query: Record<string, string>
}

const API = /\/(?:responses|conversations)(?:\/[^?#]*)?$/

/**
 * Returns the endpoint of a URL. Recordings come from different base URLs (`/v1`, Azure's `/openai/v1`, the ChatGPT
 * backend's) and are played back under another one. Therefore only the part after the base URL is compared.
 */
export function parseEndpoint(url: string): Endpoint {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const trimmed = pathname.replace(/\/+$/, '')
  // The first match is right, because an id may hold anything but a slash.
  const path = API.exec(trimmed)?.[0] ?? (trimmed || '/')
  return { path, query: Object.fromEntries(searchParams) }
}

/** Returns whether an endpoint belongs to the Responses API. */
export function isApiEndpoint({ path }: Endpoint): boolean {
  return /^\/(responses|conversations)(\/|$)/.test(path)
}
