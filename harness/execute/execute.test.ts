import { describe, it, vi } from 'vitest'
import { arbitraryHookPlans } from '../plan/arbitraries/hooks.ts'
import { expectOneDigest } from './testing/one-digest.ts'

// Under any other value @openai/agents switches its tracing off without a word.
vi.stubEnv('NODE_ENV', 'production')

describe.each(['openai-loop', 'openai-agents', 'reference'])('one plan on %s', (name) => {
  it('gives one digest over all three transports, and again', () => expectOneDigest(name, 8))
})

describe('one plan in which hooks are registered, lost and released, on reference', () => {
  it('gives one digest over all three transports, and again', () =>
    expectOneDigest('reference', 8, arbitraryHookPlans))
})
