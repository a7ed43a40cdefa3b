import { canonical, type JsonObject } from '../json.ts'
import type { Answer, CreateBody, Fault } from './types.ts'

/**
 * Which attempts are further ones (DESIGN, Answers and attempts): a request is another attempt at an answer if the
 * attempt before it was spoiled and its canonical body is equal, and where it goes on in a conversation object, that has not
 * grown since: a client may say the same again in a later turn. An attempt counts as spoiled from the moment its
 * fault is chosen, whether or not the client waited for it.
 */
export interface Attempts {
  /** The answer that an equal, spoiled request had, and the number of this attempt at it. */
  again(asked: Asked): { answer: Answer; attempt: number } | undefined
  /** This attempt is spoiled: an equal request is the next attempt. */
  spoiled(asked: Asked, answer: Answer, attempt: number): void
}

/** What is asked: a request, and all that the model would see of it. */
export interface Asked {
  body: CreateBody
  context: readonly JsonObject[]
}

function keyOf({ body, context }: Asked): string {
  return `${canonical(body)} ${context.length}`
}

export function attemptsOf(): Attempts {
  const open = new Map<string, { answer: Answer; attempt: number }[]>()
  return {
    again(asked) {
      if (open.size === 0) return undefined
      const key = keyOf(asked)
      const waiting = open.get(key)
      const first = waiting?.shift()
      if (waiting?.length === 0) open.delete(key)
      return first && { answer: first.answer, attempt: first.attempt + 1 }
    },
    spoiled(asked, answer, attempt) {
      const key = keyOf(asked)
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
