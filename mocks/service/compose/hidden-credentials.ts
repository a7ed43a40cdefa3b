import { isObject, type Json, type JsonObject } from '../../json.ts'

/** What the service shows in place of a credential, as recorded: in header values and in the path of an MCP URL. */
const REDACTED = '<redacted>'

/** Returns a tool without credentials, as a response shows it. */
export function hideCredentials(tool: JsonObject): JsonObject {
  return tool['type'] === 'mcp' ? hideMcpCredentials(tool) : hideDomainSecrets(tool)
}

/**
 * Returns an MCP tool without its credentials. Recorded (5 conversations): `headers: null` without headers, else the names
 * with the value `<redacted>`, and in four of five a URL with `<redacted>` in place of its path. `authorization` is in no
 * recorded response.
 */
function hideMcpCredentials({ headers, server_url, ...more }: JsonObject): JsonObject {
  const rest = { ...more }
  delete rest['authorization']
  return {
    ...rest,
    headers: isObject(headers)
      ? Object.fromEntries(Object.keys(headers).map((name) => [name, REDACTED]))
      : null,
    ...(server_url !== undefined && { server_url: shortenUrl(server_url) }),
  }
}

/** Returns the scheme and the host of a URL, and `<redacted>` for the rest. User and password are left out. */
function shortenUrl(url: Json): Json {
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}/${REDACTED}`
}

/** Returns a tool in which the secrets of its container's network policy have no value. */
function hideDomainSecrets(value: JsonObject): JsonObject {
  const hide = (held: Json, key: string): Json => {
    if (Array.isArray(held)) return held.map((item) => hide(item, key))
    if (!isObject(held)) return held
    return Object.fromEntries(
      Object.entries(held).map(([name, inner]): [string, Json] => [
        name,
        key === 'domain_secrets' && name === 'value' ? REDACTED : hide(inner, name),
      ]),
    )
  }
  return hide(value, '') as JsonObject
}
