import { isObject, type Json, type JsonObject } from '../../json.ts'
import { mapStream } from './stream-text.ts'

const QUERY =
  /^(after|before|include|include\[\]|include_obfuscation|limit|order|starting_after|stream|api-version)$/

/** The one host that names nobody; requests to any other are written as to `upstream.invalid`. */
const PUBLIC_BASE = 'https://api.openai.com/v1'
const OTHER_BASE = 'https://upstream.invalid/v1'

/** The URL under which a request is written: its endpoint and the API's own query parameters, no host of the user's. */
export function cleanUrl(upstream: string, path: string, search: URLSearchParams): string {
  const base = new URL(upstream).origin === new URL(PUBLIC_BASE).origin ? PUBLIC_BASE : OTHER_BASE
  const query = new URLSearchParams([...search].filter(([name]) => QUERY.test(name))).toString()
  return `${base}${path}${query && `?${query}`}`
}

/** Fields of requests, responses and metadata that say who the end user or the account is. */
const IDENTITY_KEYS: ReadonlySet<string> = new Set([
  'organization',
  'organization_id',
  'project_id',
  'prompt_cache_key',
  'safety_identifier',
  'user',
  'user_id',
])

/** Ids of organisations, projects and users wherever they stand, and keys that a server has masked itself. */
const IDENTITY_IDS =
  /(?<![A-Za-z0-9_-])(?:(org-|user-|proj_|org_|user_)((?=[A-Za-z]*\d)[A-Za-z0-9]{10,})|sk-[A-Za-z0-9_-]*\*[A-Za-z0-9_*-]*)/g

/**
 * Takes identities out of bodies and streams. One value becomes one and the same stand-in throughout a run,
 * so that what was equal stays equal.
 */
export interface Cleaner {
  json(value: Json): Json
  text(text: string): string
  /** The wire text with identities replaced; `exact: false` where a frame's JSON could not be spelled again as it was. */
  stream(text: string): { text: string; exact: boolean }
}

export function createCleaner(): Cleaner {
  const standIns = new Map<string, string>()
  const standIn = (original: string, prefix: string, length: number) => {
    const key = `${prefix}${original}`
    const known = standIns.get(key)
    if (known !== undefined) return known
    const made = `${prefix}${String(standIns.size + 1).padStart(length, '0')}`
    standIns.set(key, made)
    return made
  }
  const text = (held: string) =>
    held.replace(IDENTITY_IDS, (_, prefix: string | undefined, id: string | undefined) =>
      prefix === undefined || id === undefined ? 'sk-removed' : standIn(id, prefix, id.length),
    )
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, held]): [string, Json] => [
        text(key),
        IDENTITY_KEYS.has(key) && typeof held === 'string' ? standIn(held, 'removed-', 4) : json(held),
      ]),
    ) as JsonObject
  }
  // Bodies are at most MAX_DEPTH deep when they come here, so recursion is bounded.
  return { json, text, stream: (wire) => mapStream(wire, { json, text }) }
}
