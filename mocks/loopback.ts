const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

/** Why a server on loopback refuses a request: HTTP status, error code and message. */
export interface Refused {
  status: 400 | 403 | 415
  code: string
  message: string
}

/** A request's header by its lower-case name. */
type HeaderOf = (name: string) => string | null | undefined

/**
 * Whether the Host that a client names is this machine's own. A page in a browser can reach loopback under a name of
 * its own (DNS rebinding); it must not ride on a server of ours.
 */
export function isLoopback(host: string | null | undefined): boolean {
  return LOOPBACK.test(host ?? '')
}

/**
 * Returns why a request is refused for who sent it, or undefined for a request that is answered.
 *
 * Any web page can make a browser send requests to loopback. A browser says so in `Origin` and `Sec-Fetch-Site`; clients
 * outside a browser send neither. Only this server's own origin is let through. Another port of localhost is another
 * program's page: browsers call it `same-site`, it was never given CORS permission, and anybody's page may be shown there.
 */
export function checkSender(header: HeaderOf, server: string): Refused | undefined {
  const host = header('host')
  if (!isLoopback(host))
    return forbidden('forbidden_host', `${server} answers to 127.0.0.1 and localhost only`)
  const origin = header('origin')
  if (origin != null && origin.toLowerCase() !== `http://${host}`.toLowerCase())
    return forbidden(
      'forbidden_origin',
      `${server} answers no web page: found an Origin header of another origin, expected none`,
    )
  const site = header('sec-fetch-site')
  if (site != null && site !== 'same-origin' && site !== 'none')
    return forbidden(
      'forbidden_origin',
      `${server} answers no web page: found a Sec-Fetch-Site header of another site, expected none`,
    )
  return undefined
}

/**
 * Returns why a request body is refused for its content type, or undefined for `application/json`, with parameters or
 * without. A web page can send other types without asking first (CORS "simple" requests); and the real service
 * takes JSON only, so that no `+json` type is needed.
 */
export function checkBodyType(type: string | null | undefined, also?: string): Refused | undefined {
  const named = (type ?? '').split(';')[0]?.trim().toLowerCase()
  if (named === 'application/json' || (also !== undefined && named === also)) return undefined
  const message =
    `found ${named ? 'another content type' : 'a body without a content type'}, ` +
    `expected the header content-type: application/json${also === undefined ? '' : ` or ${also}`}`
  return { status: 415, code: 'unsupported_content_type', message }
}

function forbidden(code: string, message: string): Refused {
  return { status: 403, code, message }
}
