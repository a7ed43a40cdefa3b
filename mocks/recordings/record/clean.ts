import { isObject, type Json, type JsonObject } from '../../json.ts'
import { createStandIns, type StandIns } from '../stand-in.ts'
import { mapStream } from './stream-text.ts'

const QUERY =
  /^(after|before|include|include\[\]|include_obfuscation|limit|order|starting_after|stream|api-version)$/

/** The one host that may appear in a file. All other hosts become `upstream.invalid`. */
const PUBLIC_BASE = 'https://api.openai.com/v1'
const OTHER_BASE = 'https://upstream.invalid/v1'

/** Returns the URL for a file: the endpoint and the API's own query parameters, without a private host. */
export function cleanUrl(upstream: string, path: string, search: URLSearchParams): string {
  const base = new URL(upstream).origin === new URL(PUBLIC_BASE).origin ? PUBLIC_BASE : OTHER_BASE
  const query = new URLSearchParams([...search].filter(([name]) => QUERY.test(name))).toString()
  return `${base}${path}${query && `?${query}`}`
}

/** Fields that identify the end user or the account. */
const IDENTITY_KEYS: ReadonlySet<string> = new Set([
  'organization',
  'organization_id',
  'project_id',
  'prompt_cache_key',
  'safety_identifier',
  'user',
  'user_id',
])

/** Ids of organisations, projects and users, and keys that a server has masked. */
const IDENTITY_IDS =
  /(?<![A-Za-z0-9_-])(?:(org-|user-|proj_|org_|user_)((?=[A-Za-z]*\d)[A-Za-z0-9]{10,})|sk-[A-Za-z0-9_-]*\*[A-Za-z0-9_*-]*)/g

/** Removes identities from bodies and streams. Within a run an equal value gets an equal stand-in. */
export interface Cleaner {
  cleanJson(value: Json): Json
  cleanText(text: string): string
  /**
   * Returns the wire text with identities replaced. `exact: false` if the JSON of a frame could not be written in its
   * old spelling.
   */
  cleanStream(text: string): { text: string; exact: boolean }
}

export function createCleaner(standIns: StandIns = createStandIns()): Cleaner {
  const standIn = standIns.give
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
  // Bodies are at most MAX_DEPTH deep, so that recursion is bounded.
  return {
    cleanJson: json,
    cleanText: text,
    cleanStream: (wire) => mapStream(wire, { mapJson: json, mapText: text }),
  }
}
