import { ID_PREFIX } from '../anonymise/text.ts'
import { KEYS, LITERALS } from '../anonymise/vocabulary.ts'

const API_ID = new RegExp(`^(?:${ID_PREFIX})[_-][A-Za-z0-9_-]+$`)
const MEDIA_TYPE = /^(application|audio|font|image|model|multipart|text|video)\/[\w.+-]+(\s*;.*)?$/i

/** Returns whether a text is an id of the API, alone or with signs behind it. Ids connect the exchanges of a conversation and open nothing. */
export const isApiId = (text: string): boolean => API_ID.test(text.replace(/[^\w-]+$/, ''))

/**
 * Returns whether a text looks like a random key: 16 or more characters without white space, with letters and digits,
 * and neither an id of the API nor a URL, a date or a path.
 */
export function looksRandom(text: string): boolean {
  return (
    text.length >= 16 &&
    text.length <= 8192 &&
    !/[\s(){}<>]|:\/\//.test(text) &&
    /\d/.test(text) &&
    /[A-Za-z]/.test(text) &&
    !isApiId(text) &&
    !/^\d{4}-\d\d-\d\d/.test(text) &&
    !/^[\w ./-]+\.[a-z]{1,5}$/i.test(text)
  )
}

/**
 * Returns whether a credential is replaced wherever it stands, and not only under its name. Short texts, plain words,
 * words of the protocol and ids are not, because they stand in texts that have nothing to do with the credential.
 */
export function isDistinctive(text: string): boolean {
  if (text.length < 8 || KEYS.has(text) || LITERALS.has(text) || isApiId(text)) return false
  if (MEDIA_TYPE.test(text) || /^https?:\/\/[^/]*\/?$/.test(text)) return false
  if (/^[\d\s.,:+-]+$/.test(text)) return text.replace(/\D/g, '').length >= 10
  const mixed = /\d/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text.slice(1)))
  return (mixed && !/^\w+ \w+$/.test(text)) || text.length >= 20 || /[^\w\s.,'/-]/.test(text)
}

/**
 * Returns a credential and the credentials inside it: the token after a scheme, user and password of Basic, the values
 * of cookies.
 */
export function listCredentialParts(value: string): string[] {
  const found = [value]
  const scheme = /^\s*([A-Za-z][\w-]*)\s+(\S+)\s*$/.exec(value)
  if (scheme) {
    const token = scheme[2] as string
    found.push(token)
    if (scheme[1]?.toLowerCase() === 'basic') {
      const decoded = Buffer.from(token, 'base64').toString()
      if (/^[\x20-\x7e]+$/.test(decoded)) found.push(decoded, ...decoded.split(':'))
    }
  }
  if (/^[\w.-]+=[^;]*(;|$)/.test(value))
    for (const pair of value.split(';')) found.push(pair.slice(pair.indexOf('=') + 1).trim())
  return found
}
