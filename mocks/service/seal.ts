import type { Seal } from './machine.ts'
import { hash32, type Random } from './random.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Returns a maker of opaque tokens that look like live ones (`gAAAAAB…`): a random body and a checksum with the
 * service's seed as key. A changed token or a token of a service with another seed does not verify. The tokens protect
 * no secret.
 */
export function createSeal(seed: string, random: Random): Seal {
  return {
    makeSeal() {
      let body = 'gAAAAAB'
      for (let drawn = 0; drawn < 36; drawn++) {
        let bits = random.next()
        for (let digit = 0; digit < 5; digit++, bits >>>= 6) body += ALPHABET[bits & 63]
      }
      return body + checksum(seed, body)
    },
    isSealValid: (sealed) => sealed.endsWith(checksum(seed, sealed.slice(0, -CHECKSUM_LENGTH))),
  }
}

const CHECKSUM_LENGTH = 14

function checksum(seed: string, body: string): string {
  const key = hash32(seed)
  const first = hash32(body, key).toString(36).padStart(7, '0')
  return (
    first +
    hash32(body, key ^ 0x5bd1e995)
      .toString(36)
      .padStart(7, '0')
  )
}
