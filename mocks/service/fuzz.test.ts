import { describe, expect, it } from 'vitest'
import { fuzzService } from './testing/fuzz-run.ts'

const SEQUENCES = 650
const REQUESTS = 10_000

describe('the service under any sequence of requests', () => {
  it(`gives ${REQUESTS} requests only answers that the facts allow, and every stream is legal`, async () => {
    const seen = await fuzzService(SEQUENCES)
    // The fuzz is useful only if it meets accepted requests as well as refused ones.
    expect(seen.get('POST /responses 200 null')).toBeGreaterThan(500)
    expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(REQUESTS)
    expect(seen.size).toBeGreaterThan(40)
  })
})
