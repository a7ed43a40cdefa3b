import { parseJsonOrUndefined } from '../../../limits.ts'
import { createWords } from './words.ts'

/** Replaces texts. The UTF-16 length, punctuation, white space and the form of ids stay the same. */
export interface Texts {
  /** Returns replaced free text. A text that is JSON stays JSON of the same shape. */
  replaceText(text: string): string
  /** Returns replaced JSON text, which may be cut off. Keys and values are replaced, the structure stays. */
  replaceJsonText(text: string): string
  /** Returns a number with its digits replaced. */
  replaceNumber(value: number): number
}

/** The prefixes of the service's ids, without the dash or underscore that follows. */
export const ID_PREFIX =
  'resp|msg|fc|fco|rs|call|conv|ws|ci|fs|ig|mcp|mcpl|mcpr|cu|ctc|ctco|cmp|sh|shcall|sho|apc|apco|tsc|tso|lsh|prog|prgo|item|req|run|vs|cntr|cfile|file|batch|ft|chatcmpl'
const TOKENS = new RegExp(
  [
    // An id keeps its prefix.
    `(?<![\\p{L}\\p{N}_])(?<prefix>(?:${ID_PREFIX})[_-])(?<id>[A-Za-z0-9]+)(?![\\p{L}])`,
    '(?<uuid>(?<![\\p{L}\\p{N}])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\\p{L}\\p{N}]))',
    '(?<scheme>\\b(?:https?|data)(?=:))',
    '(?<opaque>[A-Za-z0-9+/_-]{64,50000}=*)',
    '(?<word>[\\p{L}\\p{N}\\p{M}]{1,4096})',
  ].join('|'),
  'gu',
)

/** The depth of JSON texts inside JSON texts that is followed. Deeper texts count as free text. */
const MAX_NESTED = 8

export function createTexts(key: string): Texts {
  const { replaceWord, replaceNoise, replaceHex } = createWords(key)
  // The id of a conversation ends with the lineage of its responses, and so do the ids of items added to it.
  const endingIn = new Set<string>()

  const id = (prefix: string, rest: string): string => {
    if (!/^[0-9a-f]{32,}$/.test(rest)) return rest.length < 16 ? replaceWord(rest) : replaceNoise(rest)
    const tail = rest.slice(-16)
    if (prefix === 'conv_') endingIn.add(tail)
    if (prefix === 'conv_' || endingIn.has(tail)) return replaceHex(rest).slice(0, -16) + replaceHex(tail)
    // SERVICE-FACTS 5: 16 digits of lineage, 2 of generation, 8 of seconds, 24 of its own.
    if (rest.length !== 50) return replaceHex(rest)
    return replaceHex(rest.slice(0, 16)) + rest.slice(16, 26) + replaceHex(rest).slice(26)
  }

  const plain = (text: string): string =>
    text.replace(TOKENS, (...match) => {
      const groups = match.at(-1) as Record<string, string | undefined>
      if (groups['id'] !== undefined)
        return `${groups['prefix']}${id(groups['prefix'] as string, groups['id'])}`
      if (groups['uuid'] !== undefined) return formatUuid(replaceHex(groups['uuid'].replaceAll('-', '')))
      if (groups['scheme'] !== undefined) return groups['scheme']
      if (groups['opaque'] !== undefined) return replaceNoise(groups['opaque'])
      return replaceWord(groups['word'] as string)
    })

  const text = (held: string, nested = 0): string =>
    nested < MAX_NESTED && isJsonText(held) ? jsonText(held, nested) : plain(held)

  const number = (literal: string) =>
    literal.replace(/^(-?)(\d+)(\.\d+)?/, (_, sign: string, whole: string, fraction: string | undefined) => {
      return sign + replaceWord(whole) + (fraction === undefined ? '' : `.${replaceWord(fraction.slice(1))}`)
    })

  const jsonText = (held: string, nested = 0): string =>
    mapJsonText(held, {
      string: (said) => text(said, nested + 1),
      number,
      word: (name) => (LITERAL.test(name) ? name : plain(name)),
    })

  return {
    replaceText: (held) => text(held),
    replaceJsonText: (held) => jsonText(held),
    replaceNumber: (value) => Number(number(String(value))),
  }
}

/** Returns 32 hexadecimal digits as a UUID. */
function formatUuid(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * Matches the text between the strings of JSON: a number, a word, or something else. Bounded, because texts may be very
 * long.
 */
const BETWEEN =
  /(?<number>-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,10})?)|(?<word>[\p{L}\p{N}\p{M}_]{1,4096})|[^"\p{L}\p{N}\p{M}_-]{1,4096}|-/uy

interface JsonMapping {
  string(said: string): string
  number(literal: string): string
  word(name: string): string
}

/** Returns JSON text with its parts replaced. The text may be cut off anywhere, or not be JSON. */
function mapJsonText(text: string, map: JsonMapping): string {
  const pieces: string[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] === '"') {
      const end = findStringEnd(text, at + 1)
      pieces.push('"', mapKeepingEscapes(text.slice(at + 1, end), map.string), text.slice(end, end + 1))
      at = end + 1
      continue
    }
    BETWEEN.lastIndex = at
    const found = BETWEEN.exec(text)
    const whole = found?.[0] ?? (text[at] as string)
    const { number, word } = found?.groups ?? {}
    pieces.push(number !== undefined ? map.number(number) : word !== undefined ? map.word(word) : whole)
    at += whole.length
  }
  return pieces.join('')
}

/** Returns the end of the string that began before `at`, or the end of the text. */
function findStringEnd(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    if (text[end] === '\\') end++
    else if (text[end] === '"') return end
  }
  return text.length
}

const LITERAL = /^(true|false|null)$/

function isJsonText(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false
  const value = parseJsonOrUndefined(text)
  return typeof value === 'object' && value !== null
}

/** Applies `map` to the content of a JSON string literal. The result has the same escapes at the same places. */
function mapKeepingEscapes(body: string, map: (text: string) => string): string {
  if (!body.includes('\\')) return map(body)
  const units = body.match(/\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|[\s\S]/g) ?? []
  const said = units.map((unit) => (unit.length === 1 ? unit : (JSON.parse(`"${unit}"`) as string)))
  const mapped = map(said.join(''))
  return units.map((unit, at) => escapeLike(unit, said[at] as string, mapped[at] ?? '')).join('')
}

function escapeLike(unit: string, before: string, after: string): string {
  if (before === after) return unit
  if (!unit.startsWith('\\u')) return after
  const digits = after.charCodeAt(0).toString(16).padStart(4, '0')
  return `\\u${/[A-F]/.test(unit) ? digits.toUpperCase() : digits}`
}
