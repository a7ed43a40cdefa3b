import { type AgentInputItem, MemorySession, type Session, user } from '@openai/agents'
import type OpenAI from 'openai'
import type { SessionMode } from '../../harness/plan/types.ts'

/** What a run is given so that it continues its conversation. */
export interface Continuing {
  input: string | AgentInputItem[]
  options: { previousResponseId?: string; conversationId?: string; session?: Session }
}

/** What of a run's result the next one continues from. */
export interface Ended {
  history: AgentInputItem[]
  lastResponseId: string | undefined
}

/** One conversation's memory, as a user of the SDK keeps it between runs. */
export interface Memory {
  next(say: string): Continuing | Promise<Continuing>
  /** Called for a run that completed; after any other the state from before it stands. */
  keep(ended: Ended): void
}

const memories: Record<SessionMode, (client: OpenAI) => Memory> = {
  history() {
    let items: AgentInputItem[] = []
    return {
      next: (say) => ({ input: [...items, user(say)], options: {} }),
      keep({ history }) {
        items = history
      },
    }
  },
  'previous-response'() {
    let previousResponseId: string | undefined
    return {
      next: (say) => ({
        input: say,
        options: previousResponseId === undefined ? {} : { previousResponseId },
      }),
      keep({ lastResponseId }) {
        previousResponseId = lastResponseId
      },
    }
  },
  'conversation-object'(client) {
    let conversationId: string | undefined
    return {
      async next(say) {
        conversationId ??= (await client.conversations.create()).id
        return { input: say, options: { conversationId } }
      },
      keep() {},
    }
  },
  'runtime-default'() {
    const session = new MemorySession()
    return { next: (say) => ({ input: say, options: { session } }), keep() {} }
  },
}

/** The memory of a conversation that is carried in the given way. */
export function openMemory(session: SessionMode, client: OpenAI): Memory {
  return memories[session](client)
}
