import { isObject } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import { parseSse } from '../../sse.ts'
import { formatJsonPath } from '../problem.ts'

/** A secret that was found: its place and its kind, but never the secret itself. */
export interface SecretFound {
  place: string
  kind: string
}

/** Shorter values are found only by their form. As known values they would match ordinary words. */
const SHORTEST = 6

const start = '(?<![A-Za-z0-9_-])'
const shapes: readonly { kind: string; pattern: RegExp }[] = Object.entries({
  'an API key (sk-…)': `${start}sk-[A-Za-z0-9_-]{16,}`,
  'a Stripe key': `${start}[srp]k_(?:live|test)_[A-Za-z0-9]{16,}`,
  'an AWS access key': `${start}(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])`,
  'a Google API key': `${start}AIza[0-9A-Za-z_-]{35}`,
  'a Google OAuth token': `${start}ya29\\.[0-9A-Za-z_-]{20,}`,
  'a GitHub token': `${start}(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{20,})`,
  'a GitLab token': `${start}glpat-[A-Za-z0-9_-]{16,}`,
  'a Slack token': `${start}xox[abeoprs]-[A-Za-z0-9-]{10,}`,
  'a Slack webhook': 'hooks\\.slack\\.com/services/[A-Za-z0-9/]{20,}',
  'a SendGrid key': `${start}SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}`,
  'an npm token': `${start}npm_[A-Za-z0-9]{30,}`,
  'a PyPI token': `${start}pypi-[A-Za-z0-9_-]{30,}`,
  'a Hugging Face token': `${start}hf_[A-Za-z0-9]{30,}`,
  'a Groq or xAI key': `${start}(?:gsk_|xai-)[A-Za-z0-9]{30,}`,
  'a JSON Web Token': `${start}eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}`,
  'a private key': '-----BEGIN [A-Z ]*PRIVATE KEY-----',
  'an Authorization value': '\\b(?:Bearer|Basic)\\s+[A-Za-z0-9._~+/=-]{16,}',
  'a password in a URL': '(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://[^\\s/:@"]{1,200}:[^\\s/@"]{1,200}@',
  'a cookie': '\\b(?:set-)?cookie["\']?\\s*[:=]\\s*["\']?[\\w.-]+=[^\\s;"\']{8,}',
  'a credential that is assigned':
    '(?:api[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret|secret[_-]?key|passw(?:or)?d)["\']?\\s*[:=]\\s*["\']?(?=[^\\s"\']{0,100}\\d)[^\\s"\',;]{10}',
}).map(([kind, pattern]) => ({ kind, pattern: new RegExp(pattern, 'i') }))

// Real key prefixes are case-sensitive. Ignoring the case can only refuse more.

/** Returns the kind of the first secret in a text: a known value, or text with the form of a key. */
export function findSecret(text: string, known: readonly string[]): string | undefined {
  if (known.some((value) => value.length >= SHORTEST && text.includes(value)))
    return 'a credential of this run'
  return shapes.find(({ pattern }) => pattern.test(text))?.kind
}

/**
 * Returns all secrets in a value: in its strings and keys, in the JSON of event streams inside its strings, and in the
 * texts that the deltas of a stream add up to.
 */
export function findSecrets(value: unknown, known: readonly string[]): SecretFound[] {
  const spelled = listSpellings(known)
  const found: SecretFound[] = []
  const look = (text: string, place: string) => {
    const kind = findSecret(text, spelled)
    if (kind !== undefined) found.push({ place, kind })
  }
  for (const { path, text, isKey } of walkStrings(value, '$')) {
    look(text, isKey ? `${path} (key)` : path)
    if (isKey || !/(^|\n|\r)data:/.test(text)) continue
    for (const [place, part] of walkStreamTexts(text)) look(part, `${path} ${place}`)
  }
  return found
}

/** Returns the spellings of known values: unchanged, URL-encoded, in base64. */
function listSpellings(known: readonly string[]): string[] {
  const long = known.filter((value) => value.length >= SHORTEST)
  return [
    ...new Set(
      long.flatMap((value) => [
        value,
        encodeURIComponent(value),
        Buffer.from(value).toString('base64').replace(/=+$/, ''),
      ]),
    ),
  ]
}

/** Returns every string in the data of an event stream, and every text that its deltas add up to. */
function* walkStreamTexts(wire: string): Generator<[string, string]> {
  const made = new Map<string, string>()
  for (const [index, { data }] of parseSse(wire).entries()) {
    const event = parseJsonOrUndefined(data)
    if (!isObject(event)) continue
    for (const { path, text } of walkStrings(event, '$')) yield [`event ${index} ${path}`, text]
    const { type, item_id: item, content_index: part, delta } = event
    if (typeof delta !== 'string') continue
    const key = `deltas of ${String(type)} ${String(item)} ${String(part ?? '')}`.trim()
    made.set(key, (made.get(key) ?? '') + delta)
  }
  yield* made
}

/** Returns all strings and keys of a value, each with its path. Walks without recursion. */
export function* walkStrings(
  value: unknown,
  root: string,
): Generator<{ path: string; text: string; isKey: boolean }> {
  const open: { path: string; held: unknown }[] = [{ path: root, held: value }]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { path, held } = at
    if (typeof held === 'string') yield { path, text: held, isKey: false }
    else if (Array.isArray(held))
      for (let index = held.length - 1; index >= 0; index--)
        open.push({ path: `${path}[${index}]`, held: held[index] })
    else if (isObject(held))
      for (const [key, child] of Object.entries(held).reverse()) {
        const place = path + formatJsonPath([key])
        yield { path: place, text: key, isKey: true }
        open.push({ path: place, held: child })
      }
  }
}

const CREDENTIAL_HEADER =
  /^(authorization|proxy-authorization|cookie|set-cookie|.*(api[-_]?key|token|secret|password|credential|auth[-_]?key).*|openai-(organization|project))$/i

/**
 * Returns the credentials in headers: whole values, tokens after a scheme, cookie values, user and password of Basic.
 */
export function listHeaderSecrets(headers: Iterable<readonly [string, string]>): string[] {
  const found = new Set<string>()
  for (const [name, value] of headers) {
    // Rate limits count tokens. They are not credentials.
    if (!CREDENTIAL_HEADER.test(name) || /^x-ratelimit-/i.test(name)) continue
    found.add(value)
    const scheme = /^(\w+)\s+(\S+)$/.exec(value)
    if (scheme) found.add(scheme[2] as string)
    if (scheme?.[1]?.toLowerCase() === 'basic') {
      const decoded = Buffer.from(scheme[2] as string, 'base64').toString()
      for (const part of [decoded, ...decoded.split(':')]) found.add(part)
    }
    if (/cookie/i.test(name))
      for (const pair of value.split(';')) {
        const held = pair.slice(pair.indexOf('=') + 1).trim()
        if (held.length >= 8) found.add(held)
      }
  }
  return [...found].filter((value) => value.length >= SHORTEST)
}

/** Returns the values of environment variables with names such as KEY, TOKEN or SECRET. */
export function listEnvironmentSecrets(env: Record<string, string | undefined>): string[] {
  return Object.entries(env)
    .filter(([name]) => /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i.test(name))
    .map(([, value]) => value?.trim() ?? '')
    .filter((value) => value.length >= 12 && !/^[/~]/.test(value))
}
