import { describe, expect, it } from 'vitest'
import { chooseNextConversation } from './next-conversation.ts'

const none: ReadonlySet<number> = new Set()

describe('chooseNextConversation', () => {
  it('takes the conversation with the number, counted modulo all conversations', () => {
    expect(chooseNextConversation(['at-gate', 'ended', 'at-gate'], [5], 0, none)).toBe(2)
  })

  it('takes the next one if that one has ended, after the highest the lowest', () => {
    expect(chooseNextConversation(['at-gate', 'ended', 'at-gate'], [1], 0, none)).toBe(2)
    expect(chooseNextConversation(['at-gate', 'at-gate', 'ended'], [2], 0, none)).toBe(0)
  })

  it('passes over a conversation that came to no gate, unless all are', () => {
    expect(chooseNextConversation(['at-gate', 'running'], [1], 0, new Set([1]))).toBe(0)
    expect(chooseNextConversation(['running', 'running'], [1], 0, new Set([0, 1]))).toBe(1)
  })

  it('takes the lowest conversation after the last number, and none if all were passed over', () => {
    expect(chooseNextConversation(['ended', 'at-gate', 'at-gate'], [], 0, none)).toBe(1)
    expect(chooseNextConversation(['running', 'at-gate'], [], 0, new Set([0, 1]))).toBeUndefined()
  })
})
