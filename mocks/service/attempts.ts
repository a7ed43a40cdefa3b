import { canonical } from '../json.ts'
import type { Answer, CreateBody, Fault } from './types.ts'

/**
 * Which attempts are further ones (DESIGN, Answers and attempts): a request is another attempt at an answer if the
 * attempt before it was spoiled and its canonical body is equal. An attempt counts as spoiled from the moment its
 * fault is chosen, whether or not the client waited for it.
 */
export interface Attempts {
  /** The answer that an equal, spoiled request had, and the number of this attempt at it. */
  again(body: CreateBody): { answer: Answer; attempt: number } | undefined
  /** This attempt is spoiled: an equal request is the next attempt. */
  spoiled(body: CreateBody, answer: Answer, attempt: number): void
}

export function attemptsOf(): Attempts {
  const open = new Map<string, { answer: Answer; attempt: number }[]>()
  return {
    again(body) {
      if (open.size === 0) return undefined
      const key = canonical(body)
      const waiting = open.get(key)
      const first = waiting?.shift()
      if (waiting?.length === 0) open.delete(key)
      return first && { answer: first.answer, attempt: first.attempt + 1 }
    },
    spoiled(body, answer, attempt) {
      const key = canonical(body)
      const waiting = open.get(key)
      if (waiting) waiting.push({ answer, attempt })
      else open.set(key, [{ answer, attempt }])
    },
  }
}

/** The fault that spoils this attempt, if one does. */
export function faultOf(answer: Answer, attempt: number): Fault | undefined {
  return answer.faults?.[attempt]
}
