import { describe, expect, it } from 'vitest'
import { fuzzService } from './testing/fuzz-run.ts'

describe('the service under very many requests', () => {
  it('gives 100,000 of them only answers that the facts allow, and every stream is legal', async () => {
    const seen = await fuzzService(6_500)
    expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(100_000)
  })
})
