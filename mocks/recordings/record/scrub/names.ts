import { looksRandom } from './values.ts'

/**
 * What the name of a field, header or parameter says about its value. `credential`: the value is replaced, whatever it
 * is. `maybe`: the value is replaced if it looks like a random key. `no`: the name says nothing.
 */
export type NameVerdict = 'credential' | 'maybe' | 'no'

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** One of these words in a name makes its value a credential. */
export const CREDENTIAL_WORDS = list(`
  apikey auth authentication authorization bearer cookie cookies credential credentials creds csrf hmac jwt oauth otp
  pass passcode passphrase passwd password passwords pin pwd sas secret secrets sig signature token totp xsrf
`)

/** Names without separators between their words. A name that holds one of these is a credential. */
const JOINED =
  /(api|access|secret|private|auth|signing|encryption|session|shared|subscription|account|license|licence|service|functions?|admin|master|webhook)keys?$|apikey|accesskeyid|(access|auth|bearer|client|id|refresh|security|session|user|bot|app)tokens?$|clientsecret|passw(or)?d|passphrase|connectionstring|setcookie|keypair|privatekey|secretkey/

/** A name that ends in one of these words is about a credential. The value is mostly a word or a number. */
const ABOUT = list(`
  address algorithm alg at audience budget count counts description details endpoint enabled env expires expiry field
  format header hint id ids in kind label length limit location max method methods min mode name names number param
  per policy prefix provider rate required schema scheme scope scopes server size source status ttl type types uri url
  usage used var version
`)

/** `NAME_key` is a credential unless NAME is one of these words. */
const OTHER_KEYS = list(`
  attribute cache column composite dictionary foreign group hash hot i18n idempotency index json label lookup map object
  order partition primary public publishable query range row shortcut sort translation unique yaml
`)

/** The value of one of these names is a credential only if it looks like one. */
const AMBIGUOUS = list(`
  access assertion code digest hash key keys license nonce private saml salt session sid state ticket tokens verifier
`)

/** The words of a name in lower case: `X-Api-Key`, `xApiKey` and `X_API_KEY` give x, api, key. */
export function splitName(name: string): string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** Fields of the API whose names say `key` or `token` and whose values open nothing. */
const HARMLESS: ReadonlySet<string> = new Set(['prompt_cache_key', 'encrypted_content', 'obfuscation'])

/** Returns what a name says about its value. Spelling does not matter: camelCase, kebab-case, snake_case, upper case. */
export function judgeName(name: string): NameVerdict {
  if (HARMLESS.has(name)) return 'no'
  const words = splitName(name)
  const last = words.at(-1)
  if (last === undefined) return 'no'
  const joined = words.join('')
  const named = words.some((word) => CREDENTIAL_WORDS.has(word)) || JOINED.test(joined)
  if (named) return ABOUT.has(last) && !/accesskeyid$/.test(joined) ? 'maybe' : 'credential'
  if ((last === 'key' || last === 'keys') && words.length > 1)
    return words.some((word) => OTHER_KEYS.has(word)) || last === 'keys' ? 'maybe' : 'credential'
  if (
    /(authorization|cookie|credential|passphrase|passwd|password|secret|signature|token)s?$/.test(last) &&
    !AMBIGUOUS.has(last)
  )
    return 'credential'
  return words.some((word) => AMBIGUOUS.has(word)) || /key$/.test(last) ? 'maybe' : 'no'
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * Returns whether a value under a name is a credential. The name and the value are judged together: a random key under
 * an ambiguous name is one, a plain word is not, and neither is the UUID of a session or another thing.
 */
export function isCredential(name: string, value: string): boolean {
  const verdict = judgeName(name)
  if (value === '' || verdict === 'no') return false
  if (verdict === 'credential') return true
  const words = splitName(name)
  const isId = /^ids?$/.test(words.at(-1) ?? '') && !words.some((word) => CREDENTIAL_WORDS.has(word))
  return looksRandom(value) && !(isId && UUID.test(value))
}

/** Returns whether a number under a credential name is a credential. Names with `token` mostly count tokens. */
export function isSecretNumber(name: string, digits: number): boolean {
  const short = splitName(name).some((word) =>
    /^(otp|totp|pin|passcode|passwd|password|pwd|secret)$/.test(word),
  )
  return digits >= (short ? 3 : 9)
}
