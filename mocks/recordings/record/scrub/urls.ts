import { isRemoved } from '../../stand-in.ts'
import type { Edit } from './edits.ts'
import { isCredential } from './names.ts'
import { looksRandom } from './values.ts'

/** Returns the stand-in of a credential, and remembers the credential. */
export type Replace = (value: string) => string

/** An apostrophe belongs to a URL if the URL goes on behind it. */
const URL_TEXT = /[A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/(?:[^\s"'<>\\`]|'(?=[\w%(*~!.)'-])){1,65536}/g
const USER = /^([^/?#@]{1,400})@/
const PARAMETER = /([?&#;])([^=&#;?]{1,200})=([^&#;]*)/g

/** Returns the replacements for credentials in the URLs of a text: user and password, and parameters with such names. */
export function findUrlEdits(text: string, replace: Replace): Edit[] {
  if (!text.includes('://')) return []
  return [...text.matchAll(URL_TEXT)].flatMap(({ index, 0: whole }) => {
    // An apostrophe in front of a URL ends it, too. Signs at its end belong to the sentence.
    const url = text[index - 1] === "'" ? (whole.split("'")[0] as string) : whole.replace(/['.)]{1,8}$/, '')
    const edits: Edit[] = []
    const host = url.indexOf('://') + 3
    const user = USER.exec(url.slice(host))?.[1]
    if (user !== undefined && (user.includes(':') || looksRandom(user))) {
      const from = index + host
      const colon = user.indexOf(':')
      if (colon >= 0) edits.push(editPart(from + colon + 1, user.slice(colon + 1), replace))
      if (colon < 0 || looksRandom(user.slice(0, colon)))
        edits.push(editPart(from, colon < 0 ? user : user.slice(0, colon), replace))
    }
    edits.push(...findParameterEdits(url, index, replace))
    return edits
  })
}

/** Returns the replacements for parameters after `?`, `&`, `;` or `#` that hold credentials. */
function findParameterEdits(url: string, index: number, replace: Replace): Edit[] {
  return [...url.matchAll(PARAMETER)].flatMap((match) => {
    const [whole, sign = '', name = '', value = ''] = match
    if (!isCredential(decodePart(name), decodePart(value))) return []
    return [
      editPart(
        index + match.index + sign.length + name.length + 1,
        whole.slice(sign.length + name.length + 1),
        replace,
      ),
    ]
  })
}

/** Path segments of MCP URLs that are no credentials. */
const PUBLIC_SEGMENT =
  /^(api|connect|events|http|mcp|message|messages|rpc|server|sse|stream|streamable|v\d{1,3}(\.\d)?)$/

/**
 * Returns the URL of an MCP server without what may open it: each segment of the path except common words, the value of
 * each parameter, user and password, and labels of the host that look random.
 */
export function cleanServerUrl(url: string, replace: Replace): string {
  const parts = /^([A-Za-z][\w+.-]*:\/\/)?(?:([^/?#@]*)@)?([^/?#]*)([^?#]*)(.*)$/s.exec(url)
  if (!parts) return replace(url)
  const [, scheme = '', user, host = '', path = '', rest = ''] = parts
  const keep = (part: string) => part === '' || isRemoved(part)
  const swap = (part: string) => (keep(part) ? part : replace(decodePart(part)))
  return [
    scheme,
    user === undefined ? '' : `${user.replace(/[^:]+/g, swap)}@`,
    host.replace(/[^.:]+/g, (label) => (looksRandom(label) ? replace(label) : label)),
    path.replace(/[^/]+/g, (part) => (PUBLIC_SEGMENT.test(part) ? part : swap(part))),
    rest.replace(/([?&#;])(?:([^=&#;?]*)=)?([^&#;?]*)/g, (_, sign, name, value) =>
      name === undefined ? sign + swap(value) : `${sign}${name}=${swap(value)}`,
    ),
  ].join('')
}

function editPart(from: number, raw: string, replace: Replace): Edit {
  return { from, to: from + raw.length, text: replace(decodePart(raw)) }
}

/** Returns a part of a URL or form without percent-encoding. A wrong encoding stays as it is. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    return part
  }
}
