import { type JsonObject, toCanonicalJson } from '../json.ts'
import type { CreateBody, Fault, ScriptedAnswer } from './types.ts'

/**
 * Tells which requests are retries. A request is a retry if its canonical body equals that of an earlier request whose
 * attempt was spoiled by a fault. If it continues a conversation object, that object must not have grown since, because
 * a client may say the same again in a later turn. An attempt counts as spoiled as soon as its fault is chosen, even if
 * the client did not wait for it.
 */
export interface Attempts {
  /** Returns the answer of an equal, spoiled request and the number of this attempt, or undefined for a new request. */
  findRetry(asked: Asked): { answer: ScriptedAnswer; attempt: number } | undefined
  /** Notes that this attempt is spoiled. An equal request is then the next attempt. */
  noteSpoiled(asked: Asked, answer: ScriptedAnswer, attempt: number): void
}

/** A request and its whole context. */
export interface Asked {
  body: CreateBody
  context: readonly JsonObject[]
}

function buildAttemptKey({ body, context }: Asked): string {
  return `${toCanonicalJson(body)} ${context.length}`
}

export function createAttempts(): Attempts {
  const open = new Map<string, { answer: ScriptedAnswer; attempt: number }[]>()
  return {
    findRetry(asked) {
      if (open.size === 0) return undefined
      const key = buildAttemptKey(asked)
      const waiting = open.get(key)
      const first = waiting?.shift()
      if (waiting?.length === 0) open.delete(key)
      return first && { answer: first.answer, attempt: first.attempt + 1 }
    },
    noteSpoiled(asked, answer, attempt) {
      const key = buildAttemptKey(asked)
      const waiting = open.get(key)
      if (waiting) waiting.push({ answer, attempt })
      else open.set(key, [{ answer, attempt }])
    },
  }
}

/** Returns the fault of this attempt, or undefined. */
export function findFault(answer: ScriptedAnswer, attempt: number): Fault | undefined {
  return answer.faults?.[attempt]
}
