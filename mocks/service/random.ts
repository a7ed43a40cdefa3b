/**
 * A seeded source of random numbers. The service has no other source, so that the same seed gives the same traffic. The
 * generator is sfc32 of PractRand.
 */
export interface Random {
  /** Returns a whole number from 0 to 2^32 - 1. */
  next(): number
  /** Returns a whole number from 0 to `bound` - 1. */
  below(bound: number): number
  /** Returns this many lower-case hexadecimal digits. */
  hex(digits: number): string
}

/** Returns the 32-bit FNV-1a hash of a text. Another `basis` gives an independent hash. */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let hash = basis
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

export function createRandom(seed: string): Random {
  let a = hash32(seed)
  let b = hash32(seed, a ^ 0x9e3779b9)
  let c = hash32(seed, b ^ 0x85ebca6b)
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) next()
  return {
    next,
    below: (bound) => Math.floor((next() / 0x1_0000_0000) * bound),
    hex(digits) {
      let out = ''
      while (out.length < digits) out += next().toString(16).padStart(8, '0')
      return out.slice(0, digits)
    },
  }
}
