import type { StandIns } from '../../stand-in.ts'
import type { Edit } from './edits.ts'
import { isDistinctive, listCredentialParts } from './values.ts'

/** The credentials that were seen in a run. They are replaced wherever they stand, in any spelling. */
export interface KnownSecrets {
  /** Remembers a credential and the credentials inside it, as far as they are distinctive. */
  learn(value: string): void
  /** Remembers a value, distinctive or not. Values shorter than 6 characters are left out. */
  insist(value: string): void
  list(): readonly string[]
  /**
   * Runs `work` in which known credentials are not replaced. Each credential is then found on its own, also if a longer
   * text around it was taken for one before.
   */
  withoutReplacing(work: () => void): void
  /** Returns the replacements for every known credential in a text. */
  findEdits(text: string): Edit[]
}

/** Shorter values are replaced only under their name. As known values they would match ordinary words. */
export const SHORTEST = 6

export function createKnownSecrets(standIns: StandIns): KnownSecrets {
  const known = new Set<string>()
  let patterns: Patterns | undefined
  let learning = false

  const remember = (value: string) => {
    if (known.has(value) || /removed-\d{4,}/.test(value)) return
    known.add(value)
    patterns = undefined
  }

  const findEdits = (text: string): Edit[] => {
    if (known.size === 0 || learning) return []
    patterns ??= buildPatterns([...known])
    const edits: Edit[] = []
    for (const match of text.matchAll(patterns.plain))
      edits.push({
        from: match.index,
        to: match.index + match[0].length,
        text: standIns.giveAsLong(match[0]),
      })
    if (/[%\\]/.test(text))
      for (const [value, pattern] of patterns.escaped)
        for (const { index, 0: found } of text.matchAll(pattern))
          edits.push({ from: index, to: index + found.length, text: standIns.giveAsLong(value) })
    let done = 0
    for (const match of patterns.base64 ? text.matchAll(patterns.base64) : []) {
      if (match.index < done) continue
      const { from, to } = widen(text, match.index, match.index + match[0].length)
      edits.push({ from, to, text: standIns.giveAsLong(text.slice(from, to)) })
      done = to
    }
    return edits
  }

  return {
    learn(value) {
      for (const part of listCredentialParts(value)) if (isDistinctive(part)) remember(part)
    },
    insist(value) {
      if (value.length >= SHORTEST) remember(value)
    },
    list: () => [...known],
    withoutReplacing(work) {
      learning = true
      try {
        work()
      } finally {
        learning = false
      }
    },
    findEdits,
  }
}

interface Patterns {
  plain: RegExp
  /** For each value, a pattern of its spellings with percent signs or backslashes. */
  escaped: [value: string, RegExp][]
  base64: RegExp | undefined
}

function buildPatterns(values: readonly string[]): Patterns {
  const longFirst = [...values].sort((a, b) => b.length - a.length)
  const cores = longFirst.flatMap(listBase64Cores).map(escapePattern)
  return {
    plain: new RegExp(longFirst.map(escapePattern).join('|'), 'g'),
    escaped: longFirst.map((value) => [value, new RegExp(spellEscaped(value), 'g')]),
    base64: cores.length > 0 ? new RegExp(cores.join('|'), 'g') : undefined,
  }
}

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/**
 * Returns a pattern of a text in which any character may be percent-encoded, once or several times, or escaped as in
 * JSON, once or several times.
 */
function spellEscaped(value: string): string {
  return [...value]
    .map((char) => {
      const percent = [...Buffer.from(char)]
        .map((byte) => `%(?:25)*${ignoreCase(byte.toString(16).padStart(2, '0'))}`)
        .join('')
      const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at))
        .map((unit) => `\\\\+u${ignoreCase(unit.toString(16).padStart(4, '0'))}`)
        .join('')
      const short = SHORT_ESCAPES[char]
      const plain = '"\\/'.includes(char) ? `\\\\*${escapePattern(char)}` : escapePattern(char)
      return `(?:${[plain, percent, units, ...(short ? [`\\\\+${short}`] : []), ...(char === ' ' ? ['\\+'] : [])].join('|')})`
    })
    .join('')
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
}

const ignoreCase = (hex: string) => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)

/**
 * Returns the base64 of a value without the characters that depend on its neighbours, for each of the three places that
 * a byte can have in a group, in both alphabets. Short values have none: their base64 would match by chance.
 */
function listBase64Cores(value: string): string[] {
  const bytes = Buffer.from(value)
  if (bytes.length < SHORTEST) return []
  const cores = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))
  })
  return [...new Set(cores.flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]))]
}

/** Returns the whole run of base64 around a place in it. */
function widen(text: string, from: number, to: number): { from: number; to: number } {
  let [first, last] = [from, to]
  while (first > 0 && BASE64.test(text[first - 1] as string)) first--
  while (last < text.length && BASE64.test(text[last] as string)) last++
  return { from: first, to: last }
}

const BASE64 = /[A-Za-z0-9+/_=-]/
