import { describe, expect, it } from 'vitest'
import { createAttempts } from './attempts.ts'
import type { Answer } from './types.ts'

const answer: Answer = { items: [{ type: 'text', text: 'hello' }] }
const hi = { role: 'user', content: 'hi' }
const asked = { body: { model: 'm', input: 'hi', conversation: 'conv_1' }, context: [hi] }

describe('attempts', () => {
  it('are further ones where an equal request was spoiled, each once', () => {
    const attempts = createAttempts()
    expect(attempts.findRetry(asked)).toBeUndefined()
    attempts.noteSpoiled(asked, answer, 0)
    expect(attempts.findRetry({ ...asked, body: { ...asked.body, input: 'ho' } })).toBeUndefined()
    expect(
      attempts.findRetry({ ...asked, body: { conversation: 'conv_1', input: 'hi', model: 'm' } }),
    ).toEqual({
      answer,
      attempt: 1,
    })
    expect(attempts.findRetry(asked)).toBeUndefined()
  })

  it('are none where the conversation object has grown since: the client says the same again', () => {
    const attempts = createAttempts()
    attempts.noteSpoiled(asked, answer, 0)
    expect(
      attempts.findRetry({ ...asked, context: [hi, { role: 'assistant', content: 'hello' }, hi] }),
    ).toBeUndefined()
    expect(attempts.findRetry(asked)).toEqual({ answer, attempt: 1 })
  })
})
