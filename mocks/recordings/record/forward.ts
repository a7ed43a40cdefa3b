/** Headers of one connection (RFC 9110, 7.6.1), and headers that the proxy sets itself. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Returns the headers for the upstream: none of this connection, and no content coding, so that the wire text is text.
 */
export function buildUpstreamHeaders(headers: Headers): Headers {
  const forwarded = dropHopHeaders(headers)
  forwarded.set('accept-encoding', 'identity')
  return forwarded
}

/** Returns the headers for the client. `content-encoding` is left out, because the body has been decoded. */
export function buildClientHeaders(headers: Headers): Headers {
  const returned = dropHopHeaders(headers)
  returned.delete('content-encoding')
  return returned
}

function dropHopHeaders(headers: Headers): Headers {
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const kept = new Headers()
  for (const [name, value] of headers)
    if (!HOP_BY_HOP.has(name) && !named.includes(name)) kept.append(name, value)
  return kept
}
