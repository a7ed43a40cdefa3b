import type { Ground } from '../context.ts'
import type { Machine } from '../machine.ts'
import type { CreateBody } from '../types.ts'
import { type Refused, refused } from './refusal.ts'
import { conversationLocked } from './section-4.ts'

/** Refusals that rest on what the service holds, once the ground is known. */
export function refusedByState(
  _body: CreateBody,
  ground: Ground,
  _tokens: number,
  _machine: Machine,
): Refused | undefined {
  if (ground.conversation?.lockedBy !== undefined) return refused(conversationLocked)
  return undefined
}
