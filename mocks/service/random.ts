/**
 * A seeded source of numbers: the service's only one, so that one seed gives one and the same traffic.
 * The generator is sfc32 (of PractRand); its state comes from the seed's characters.
 */
export interface Random {
  /** A whole number, 0 up to 2^32 - 1. */
  next(): number
  /** A whole number, 0 up to `bound` - 1. */
  below(bound: number): number
  /** Lower-case hexadecimal digits, as many as asked for. */
  hex(digits: number): string
}

/** A 32-bit FNV-1a hash of a text; `basis` makes independent ones. */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let hash = basis
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

export function randomOf(seed: string): Random {
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
