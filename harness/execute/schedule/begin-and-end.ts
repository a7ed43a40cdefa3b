import type { Team } from '../../contract/runtime.ts'
import { type ConverseParts, runConversation } from '../conversation/converse.ts'
import type { Parts } from '../parts.ts'

/** What went wrong in the adapter while conversations ran. */
export interface Begun {
  /** The first error; undefined while there is none. */
  readonly fault: unknown
}

/** Begins the conversations one after the other. Each waits until the one before has settled, so first requests have an order. */
export async function beginAll(parts: ConverseParts, team: Team): Promise<Begun> {
  const { conversations, whoseTurn, quiet } = parts
  let fault: unknown
  for (const conversation of conversations) {
    whoseTurn.giveTo(conversation.number)
    runConversation(conversation, parts, team).catch((error) => {
      fault ??= error
      conversation.end()
    })
    await quiet.settle(conversation.number)
  }
  return {
    get fault() {
      return fault
    },
  }
}

/** Records each conversation that did not go on within its bound as hung, and asks its run to stop. */
export function giveUpHung({ conversations, history }: Pick<Parts, 'conversations' | 'history'>): void {
  for (const conversation of conversations) {
    const { turn, standing } = conversation
    if (standing === 'ended' || turn === undefined) continue
    // On a busy machine a run may have ended, and the next one not have begun yet.
    const hasEnded = history.events.some((event) => event.kind === 'run.end' && event.run === turn.run)
    if (!hasEnded) history.add({ kind: 'run.end', run: turn.run, outcome: { status: 'hung', text: '' } })
    conversation.giveUp()
  }
}

/** Lets runs that their consumer left go on to their end, one after the other. */
export async function releaseDropped({ conversations, gates, whoseTurn, quiet }: Parts): Promise<void> {
  for (const { number, turn } of conversations) {
    if (!turn?.isDropped) continue
    whoseTurn.giveTo(number)
    gates.release(number)
    await quiet.waitUntilIdle()
  }
}
