const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

/** The refusal of a request by a server on loopback. */
export interface Refused {
  status: 400 | 403 | 415
  code: string
  message: string
}

/** Returns the header with this lower-case name. */
type HeaderOf = (name: string) => string | null | undefined

/**
 * Returns whether the Host header names this machine. A web page can reach loopback under a host name of its own (DNS
 * rebinding). Such requests must not be answered.
 */
export function isLoopback(host: string | null | undefined): boolean {
  return LOOPBACK.test(host ?? '')
}

/**
 * Returns the refusal of a request from an unwanted sender, or undefined.
 *
 * Any web page can make a browser send requests to loopback. A browser then sends `Origin` and `Sec-Fetch-Site`; other
 * clients send neither. Only the server's own origin is accepted. A page on another port of localhost belongs to
 * another program. Browsers call it `same-site`, but it has no CORS permission, and that program may show anybody's
 * page.
 */
export function checkSender(header: HeaderOf, server: string): Refused | undefined {
  const host = header('host')
  if (!isLoopback(host))
    return buildForbidden('forbidden_host', `${server} answers only requests to 127.0.0.1 and localhost`)
  const origin = header('origin')
  if (origin != null && origin.toLowerCase() !== `http://${host}`.toLowerCase())
    return buildForbidden(
      'forbidden_origin',
      `${server} does not answer web pages: found an Origin header of another origin, expected none`,
    )
  const site = header('sec-fetch-site')
  if (site != null && site !== 'same-origin' && site !== 'none')
    return buildForbidden(
      'forbidden_origin',
      `${server} does not answer web pages: found a Sec-Fetch-Site header of another site, expected none`,
    )
  return undefined
}

/**
 * Returns the refusal of a body that is not `application/json`, or undefined. Parameters of the content type do not
 * matter. A web page can send other types without asking first (CORS "simple" requests). The real service accepts only
 * JSON, so that no `+json` type is needed.
 */
export function checkBodyType(type: string | null | undefined, also?: string): Refused | undefined {
  const named = (type ?? '').split(';')[0]?.trim().toLowerCase()
  if (named === 'application/json' || (also !== undefined && named === also)) return undefined
  const message =
    `found ${named ? 'another content type' : 'a body without a content type'}, ` +
    `expected the header content-type: application/json${also === undefined ? '' : ` or ${also}`}`
  return { status: 415, code: 'unsupported_content_type', message }
}

function buildForbidden(code: string, message: string): Refused {
  return { status: 403, code, message }
}
