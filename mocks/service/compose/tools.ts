import { isObject, type Json, type JsonObject } from '../../json.ts'
import { findStrictBreach } from '../../request-rules/strict-schema.ts'

/** What the service shows in place of a credential, as recorded: in header values and in the path of an MCP URL. */
const REDACTED = '<redacted>'

/**
 * Returns a tool as a response shows it. A function tool and an MCP tool have all their fields in the recorded order.
 * Other tools stay as they were sent. No tool shows a credential.
 */
export function echoTool(tool: Json): Json {
  if (!isObject(tool)) return tool
  if (tool['type'] === 'function') return echoFunctionTool(tool)
  return tool['type'] === 'mcp' ? echoMcpTool(tool) : hideDomainSecrets(tool)
}

function echoFunctionTool(tool: JsonObject): JsonObject {
  const parameters = tool['parameters'] ?? null
  const { type, description, name, output_schema, strict, ...rest } = tool
  delete rest['parameters']
  return {
    type,
    ...rest,
    description: description ?? null,
    name: name ?? null,
    output_schema: output_schema ?? null,
    parameters,
    strict: strict ?? (isObject(parameters) && findStrictBreach(parameters) === undefined),
  } as JsonObject
}

/**
 * Returns an MCP tool without its credentials. Recorded (5 conversations): `headers: null` without headers, else the names
 * with the value `<redacted>`, and in four of five a URL with `<redacted>` in place of its path. `authorization` is in no
 * recorded response.
 */
function echoMcpTool(tool: JsonObject): JsonObject {
  const {
    type,
    allowed_tools,
    headers,
    require_approval,
    server_description,
    server_label,
    server_url,
    ...more
  } = tool
  const rest = { ...more }
  delete rest['authorization']
  return {
    type,
    ...rest,
    allowed_tools: allowed_tools ?? null,
    headers: isObject(headers)
      ? Object.fromEntries(Object.keys(headers).map((name) => [name, REDACTED]))
      : null,
    require_approval: require_approval ?? 'always',
    server_description: server_description ?? null,
    server_label: server_label ?? null,
    ...(server_url !== undefined && { server_url: shortenUrl(server_url) }),
  } as JsonObject
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
