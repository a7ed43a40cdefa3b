import type { Answer, Fault } from './types.ts'

/**
 * Which attempts are further ones (DESIGN, Answers and attempts): a request is another attempt at an answer if the
 * attempt before it was spoiled and its canonical body is equal. An attempt counts as spoiled from the moment its
 * fault is chosen, whether or not the client waited for it.
 */
export interface Attempts {
  /** The answer that an equal, spoiled request had, and the number of this attempt at it. */
  again(body: string): { answer: Answer; attempt: number } | undefined
  /** This attempt is spoiled: an equal request is the next attempt. */
  spoiled(body: string, answer: Answer, attempt: number): void
}

export function attemptsOf(): Attempts {
  const open = new Map<string, { answer: Answer; attempt: number }[]>()
  return {
    again(body) {
      const waiting = open.get(body)
      const first = waiting?.shift()
      if (waiting?.length === 0) open.delete(body)
      return first && { answer: first.answer, attempt: first.attempt + 1 }
    },
    spoiled(body, answer, attempt) {
      const waiting = open.get(body)
      if (waiting) waiting.push({ answer, attempt })
      else open.set(body, [{ answer, attempt }])
    },
  }
}

/** The fault that spoils this attempt, if one does. */
export function faultOf(answer: Answer, attempt: number): Fault | undefined {
  return answer.faults?.[attempt]
}
