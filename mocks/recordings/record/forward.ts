/** Headers that belong to one connection (RFC 9110, 7.6.1), and those that the forwarding side sets itself. */
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

/** What goes to the upstream: no header of this connection, and no content coding, so that the wire text is text. */
export function forwardedHeaders(headers: Headers): Headers {
  const forwarded = endToEnd(headers)
  forwarded.set('accept-encoding', 'identity')
  return forwarded
}

/** What goes back to the client. A content coding has been undone by then, should the upstream have insisted on one. */
export function returnedHeaders(headers: Headers): Headers {
  const returned = endToEnd(headers)
  returned.delete('content-encoding')
  return returned
}

function endToEnd(headers: Headers): Headers {
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const kept = new Headers()
  for (const [name, value] of headers)
    if (!HOP_BY_HOP.has(name) && !named.includes(name)) kept.append(name, value)
  return kept
}
