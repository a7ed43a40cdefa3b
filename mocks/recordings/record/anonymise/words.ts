import { createHmac } from 'node:crypto'

/**
 * Replaces words, tokens and ids under one key. Equal inputs have equal outputs, different inputs have different ones.
 * Length and character classes (capital, small, digit, script) stay the same. The result depends on the key alone;
 * there is only a cache.
 */
export interface Words {
  /** Replaces a run of letters and digits. */
  replaceWord(text: string): string
  /** Replaces an opaque token such as base64. The whole token is replaced at once, so that long tokens are cheap. */
  replaceNoise(text: string): string
  /** Replaces lower-case hexadecimal digits. */
  replaceHex(text: string): string
}

const CACHED = 500_000

/**
 * The longest run that is replaced at once (some scripts have no spaces). Each prefix of a run needs its own digest.
 */
const LONGEST = 32

export function createWords(key: string): Words {
  const cache = new Map<string, number>()
  const kin = createKin()
  const digest = (kind: string, text: string) => createHmac('sha256', key).update(kind).update(text).digest()
  const shiftBeside = (side: string): number => {
    const known = cache.get(side)
    if (known !== undefined) return known
    if (cache.size >= CACHED) cache.clear()
    const made = digest('w', side).readUInt32LE()
    cache.set(side, made)
    return made
  }
  // The first pass goes forwards and shifts each character by an amount that depends on the characters before it. The
  // second goes backwards with the characters after it. Each pass can be undone, so that different words stay
  // different, and every character affects all others.
  const turned = (characters: string[]) => {
    let side = '>'
    for (const [at, character] of characters.entries()) {
      characters[at] = shiftCharacter(character, shiftBeside(side), at === 0, WITHIN, kin)
      side += character.toLowerCase()
    }
    side = '<'
    for (let at = characters.length - 1; at >= 0; at--) {
      const character = characters[at] as string
      characters[at] = shiftCharacter(character, shiftBeside(side), at === 0, ACROSS, kin)
      side += character.toLowerCase()
    }
    return characters.join('')
  }
  const word = (text: string) => {
    const characters = [...text]
    let done = ''
    for (let at = 0; at < characters.length; at += LONGEST) done += turned(characters.slice(at, at + LONGEST))
    return done
  }
  const stream = function* (kind: string, text: string): Generator<number> {
    const seed = digest(kind, text).toString('hex')
    for (let block = 0; ; block++) yield* digest(seed, String(block))
  }
  return {
    replaceWord: word,
    replaceNoise: (text) => {
      const bytes = stream('n', text)
      return text.replace(/[A-Za-z0-9]/g, (character) =>
        replaceSameClass(character, bytes.next().value as number),
      )
    },
    replaceHex: (text) => {
      const bytes = stream('h', text)
      return text.replace(/./g, () => ((bytes.next().value as number) & 15).toString(16))
    },
  }
}

const VOWELS = 'aeiouy'
const CONSONANTS = 'bcdfghlmnprstwjkqvxz'

interface Alphabets {
  vowels: string
  consonants: string
}
const WITHIN: Alphabets = { vowels: VOWELS, consonants: CONSONANTS }
// Vowels become rare letters and consonants the others, so that the result is hardly ever a real word.
const ACROSS: Alphabets = { vowels: 'jkqvxz', consonants: 'bcdfghlmnprstwaeiouy' }

/**
 * Returns another character of the same class. The first digit of a number stays zero or non-zero, so that the number stays valid JSON.
 */
function shiftCharacter(character: string, shift: number, first: boolean, to: Alphabets, kin: KinOf): string {
  // The small letter of the Kelvin sign is an ASCII k, so that this test must come first.
  if (character >= '\x80') return shiftNonAscii(character, shift, kin)
  const lower = character.toLowerCase()
  const vowel = VOWELS.indexOf(lower)
  if (vowel >= 0) return matchCase(to.vowels[(vowel + shift) % 6] as string, character)
  const consonant = CONSONANTS.indexOf(lower)
  if (consonant >= 0) return matchCase(to.consonants[(consonant + shift) % 20] as string, character)
  if (character < '0' || character > '9') return shiftNonAscii(character, shift, kin)
  if (!first) return String((Number(character) + shift) % 10)
  return character === '0' ? '0' : String(((Number(character) + shift) % 9) + 1)
}

function matchCase(letter: string, like: string): string {
  return like === like.toLowerCase() ? letter : letter.toUpperCase()
}

const BLOCK = 64

/** Returns the characters that a character beyond ASCII may become, itself included. */
type KinOf = (character: string) => readonly string[]

/**
 * Returns another letter of the same kind from the same block of 64 code points, so that the UTF-8 length stays the
 * same.
 */
function shiftNonAscii(character: string, shift: number, kin: KinOf): string {
  const members = kin(character)
  return members[(members.indexOf(character) + shift) % members.length] ?? character
}

function createKin(): KinOf {
  const known = new Map<string, readonly string[]>()
  return (character) => {
    const found = known.get(character)
    if (found !== undefined) return found
    const code = character.codePointAt(0) as number
    const kind = code < 0x80 ? undefined : KINDS.find((candidate) => candidate.test(character))
    const first = code - (code % BLOCK)
    const block = Array.from({ length: BLOCK }, (_, at) => String.fromCodePoint(first + at))
    const members = kind === undefined ? [character] : block.filter((one) => kind.test(one))
    for (const member of members) known.set(member, members)
    return members
  }
}

const KINDS = [/^\p{Ll}$/u, /^\p{Lu}$/u, /^\p{Lo}$/u, /^\p{Lm}$/u, /^\p{Lt}$/u, /^\p{N}$/u]

function replaceSameClass(character: string, byte: number): string {
  if (character >= '0' && character <= '9') return String(byte % 10)
  const letter = String.fromCharCode(97 + (byte % 26))
  return character >= 'a' ? letter : letter.toUpperCase()
}
