const REQUEST_HEADERS =
  /^(accept|content-type|user-agent|openai-beta|x-stainless-(lang|package-version|runtime|runtime-version|retry-count|helper-method|async))$/
const RESPONSE_HEADERS =
  /^(content-type|date|openai-processing-ms|openai-version|retry-after|retry-after-ms|www-authenticate|x-request-id|x-should-retry|x-ratelimit-[a-z-]+)$/

/** Returns the request headers that are known to hold no credential. All others are left out. */
export const keepPublicRequestHeaders = (headers: Headers) => keepHeaders(headers, REQUEST_HEADERS)

/** Returns the response headers that are known to hold no credential. */
export const keepPublicResponseHeaders = (headers: Headers) => keepHeaders(headers, RESPONSE_HEADERS)

function keepHeaders(headers: Headers, allowed: RegExp): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => allowed.test(name)))
}
