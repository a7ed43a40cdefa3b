import type { Json } from '../json.ts'

/**
 * Matches what `conform record` writes in place of a credential or an identity: `removed-` and a number of four or more
 * digits.
 */
const STAND_IN = /removed-\d{4,}/g
const ONLY_STAND_IN = /^removed-\d{4,}$/
/** What services and other tools write in place of a credential. */
const MASK =
  /^(<(redacted|removed|masked|hidden|secret)>|\[?(redacted|removed|filtered|masked)\]?|[*•]{3,})$/i

/** Returns whether a text is a stand-in and nothing else. */
export const isStandIn = (text: string): boolean => ONLY_STAND_IN.test(text)

/** Returns whether somebody has already removed a credential: a stand-in, `<redacted>` or `***`. */
export const isRemoved = (text: string): boolean => ONLY_STAND_IN.test(text) || MASK.test(text)

/** Returns whether a text holds a stand-in. */
export const holdsStandIn = (text: string): boolean => text.search(STAND_IN) >= 0

/** Returns a text without its stand-ins, for a search for credentials. A delta may hold the beginning of one. */
export const removeStandIns = (text: string): string => text.replace(/removed-\d*/g, '')

/** Gives stand-ins. Within a run an equal value gets an equal stand-in, and another value gets another one. */
export interface StandIns {
  /** Returns `prefix` and a number. The number has at least `digits` digits. */
  give(original: string, prefix: string, digits: number): string
  /** Returns a stand-in with the length of the original, or with 12 characters for a shorter original. */
  giveAsLong(original: string): string
}

export function createStandIns(): StandIns {
  const given = new Map<string, string>()
  const give = (original: string, prefix: string, digits: number): string => {
    const key = `${prefix}${original}`
    const made = given.get(key) ?? `${prefix}${String(given.size + 1).padStart(digits, '0')}`
    given.set(key, made)
    return made
  }
  return {
    give,
    giveAsLong: (original) => give(original, 'removed-', Math.max(4, original.length - 'removed-'.length)),
  }
}

/**
 * Returns whether a received value fits a recorded one that holds stand-ins. A value that is only a stand-in fits every
 * text and number. Inside a text, a stand-in fits any text, with or without quotation marks around it. The time is
 * linear in the length of the texts.
 */
export function fitsStandIn(recorded: Json | undefined, received: Json | undefined): boolean {
  if (typeof recorded !== 'string') return false
  if (isStandIn(recorded)) return typeof received === 'string' || typeof received === 'number'
  if (typeof received !== 'string' || !holdsStandIn(recorded)) return false
  const [first = '', ...rest] = recorded.split(/\\*"?removed-\d{4,}\\*"?/)
  const last = rest.pop() ?? ''
  if (!received.startsWith(first) || received.length < first.length + last.length || !received.endsWith(last))
    return false
  let from = first.length
  const end = received.length - last.length
  for (const piece of rest) {
    const at = received.indexOf(piece, from)
    if (at < 0 || at + piece.length > end) return false
    from = at + piece.length
  }
  return true
}
