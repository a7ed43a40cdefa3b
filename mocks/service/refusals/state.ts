import type { Ground } from '../context.ts'
import type { Machine } from '../machine.ts'
import type { CreateBody } from '../types.ts'
import { modelOf } from './body.ts'
import { type Refused, refused } from './refusal.ts'
import { conversationLocked } from './section-4.ts'
import { contextLengthExceeded } from './section-6.ts'

/** Refusals that rest on what the service holds, once the ground and the size of the context are known. */
export function refusedByState(
  body: CreateBody,
  ground: Ground,
  tokens: number,
  machine: Machine,
): Refused | undefined {
  if (ground.conversation?.lockedBy !== undefined) return refused(conversationLocked)
  if (isTooLong(body, tokens, machine) && !tooLongInStream(body, machine))
    return refused(contextLengthExceeded)
  return undefined
}

/** Whether the context does not fit the model; with `truncation: auto` it is made to. */
export function isTooLong(body: CreateBody, tokens: number, machine: Machine): boolean {
  const window = modelOf(body, machine)?.contextWindow
  return window !== undefined && tokens > window && body['truncation'] !== 'auto'
}

/** Whether a context that is too long shows in the stream, not before it (option `tooLongInStream`). */
export function tooLongInStream(body: CreateBody, { facts }: Machine): boolean {
  return facts.tooLongInStream === 'event' && body['stream'] === true
}
