import { CANARY } from '../plan/canary.ts'

/** Whose a request is, and whose texts it carries. Where the two differ, that is cross-talk, and both are kept. */
export interface Attribution {
  /** The conversation that caused it; null where nothing decides. */
  conversation: number | null
  /** The conversations whose canaries stand in it. */
  carries: readonly number[]
}

/**
 * Lays a request to a conversation: by the canaries in it, where they are of one conversation only, else by the
 * conversation whose gate was opened last, for what is seen in a step was caused by it.
 */
export function attribute(context: unknown, cause: number | null): Attribution {
  const found = new Set<number>()
  for (const [, conversation] of JSON.stringify(context ?? null).matchAll(CANARY))
    found.add(Number(conversation))
  const carries = [...found].sort((a, b) => a - b)
  const [only] = carries
  return { conversation: carries.length === 1 && only !== undefined ? only : cause, carries }
}
