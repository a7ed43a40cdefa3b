import { createRandom, hash32, type Random } from '../random.ts'

/**
 * Sizes of deltas in characters. A size is drawn evenly from its list. Medians and tails are the measured ones
 * (SERVICE-FACTS 10): text 4, p90 8, p99 19; arguments 3, p90 7; summary 4, p90 9.
 */
export const TEXT_SIZES = [1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 8, 9, 19] as const
export const ARGUMENT_SIZES = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 11] as const
export const SUMMARY_SIZES = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 7, 8, 9, 9, 13] as const

/** Cuts a text into deltas. No cut splits a surrogate pair, and no delta is empty (GRAMMAR G41). */
export function splitIntoDeltas(text: string, sizes: readonly number[], random: Random): string[] {
  const pieces: string[] = []
  let at = 0
  while (at < text.length) {
    let end = Math.min(text.length, at + (sizes[random.next() % sizes.length] ?? 4))
    const last = text.charCodeAt(end - 1)
    if (last >= 0xd800 && last <= 0xdbff && end < text.length) end++
    pieces.push(text.slice(at, end))
    at = end
  }
  return pieces
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * Returns a function that pads deltas: random characters up to the next multiple of 16, none if the length is a
 * multiple (SERVICE-FACTS 10). All paddings are parts of one random text, because only their length matters.
 */
export function createPadding(seed: string): (delta: string) => string {
  let pool: string | undefined
  return (delta) => {
    pool ??= makeRandomText(256, createRandom(seed))
    const length = (16 - (delta.length % 16)) % 16
    const start = hash32(delta) % (pool.length - 16)
    return pool.slice(start, start + length)
  }
}

function makeRandomText(length: number, random: Random): string {
  let text = ''
  while (text.length < length) text += ALPHABET[random.below(ALPHABET.length)]
  return text
}
