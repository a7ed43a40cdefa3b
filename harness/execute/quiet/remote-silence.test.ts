import { describe, expect, it } from 'vitest'
import type { Silence } from '../../contract/runtime.ts'
import { RemoteSilence } from './remote-silence.ts'

describe('what another process answers about its silence', () => {
  it('holds until something was sent to it', async () => {
    let sent = 0
    let questions = 0
    const silent: Silence = { sure: true, next: null }
    const quiet = async () => {
      questions++
      return silent
    }
    const silence = new RemoteSilence({ quiet }, () => sent)
    const isSilent = async () => {
      const answer = silence.isSilent(0)
      await silence.question
      return answer
    }
    expect([await isSilent(), await isSilent(), await isSilent()]).toEqual([false, true, true])
    sent++
    expect([await isSilent(), await isSilent()]).toEqual([false, true])
    expect(questions).toBe(2)
  })
})
