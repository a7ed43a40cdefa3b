import { describe, it, vi } from 'vitest'
import { expectOneDigest } from './testing/one-digest.ts'

// Under any other value @openai/agents switches its tracing off without a word.
vi.stubEnv('NODE_ENV', 'production')

describe.each(['openai-loop', 'openai-agents', 'reference'])('fifty plans on %s', (name) => {
  it('give each one digest over all three transports, and again', () => expectOneDigest(name, 50))
})
