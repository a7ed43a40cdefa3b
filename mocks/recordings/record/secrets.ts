import { isObject } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import { parseSse } from '../../sse.ts'
import { formatJsonPath } from '../problem.ts'
import { removeStandIns } from '../stand-in.ts'
import { SHORTEST } from './scrub/known.ts'
import { judgeName } from './scrub/names.ts'
import { HINT, SHAPES } from './scrub/shapes.ts'
import { listCredentialParts } from './scrub/values.ts'

/** A secret that was found: its place and its kind, but never the secret itself. */
export interface SecretFound {
  place: string
  kind: string
}

/** Returns the kind of the first secret in a text: a known value, or text with the form of a key. */
export function findSecret(text: string, known: readonly string[]): string | undefined {
  if (known.some((value) => value.length >= SHORTEST && text.includes(value)))
    return 'a credential of this run'
  if (!HINT.test(text)) return undefined
  const held = removeStandIns(text)
  return SHAPES.find(({ pattern }) => held.search(pattern) >= 0)?.kind
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
        encodeURIComponent(value.toWellFormed()),
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

/**
 * Returns the credentials in headers or parameters: whole values, tokens after a scheme, cookie values, user and password
 * of Basic. A name tells whether a value is a credential, as it does in bodies.
 */
export function listHeaderSecrets(headers: Iterable<readonly [string, string]>): string[] {
  const found = new Set<string>()
  // Rate limits count tokens. They are not credentials.
  for (const [name, value] of headers)
    if (isCredentialHeader(name) && !/^x-ratelimit-/i.test(name))
      for (const part of listCredentialParts(value)) found.add(part)
  return [...found].filter((value) => value.length >= SHORTEST)
}

function isCredentialHeader(name: string): boolean {
  return judgeName(name) === 'credential' || /^openai-(organization|project)$|key$/i.test(name)
}

/** Returns the values of environment variables with names such as KEY, TOKEN or SECRET. */
export function listEnvironmentSecrets(env: Record<string, string | undefined>): string[] {
  return Object.entries(env)
    .filter(([name]) => /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i.test(name))
    .map(([, value]) => value?.trim() ?? '')
    .filter((value) => value.length >= 12 && !/^[/~]/.test(value))
}
