import type { AgentInputItem, Session } from '@openai/agents'
import * as sdk from '@openai/agents'
import type OpenAI from 'openai'
import type { SessionMode } from '../../harness/plan/types.ts'

/** The input and options with which a run continues its conversation. */
export interface RunInput {
  input: string | AgentInputItem[]
  options: { previousResponseId?: string; conversationId?: string; session?: Session }
}

/** The parts of a run's result that the next run needs. */
export interface CompletedRun {
  history: AgentInputItem[]
  lastResponseId: string | undefined
}

/** The memory of one conversation, kept between runs as a user of the SDK would. */
export interface Memory {
  buildInput(say: string): RunInput | Promise<RunInput>
  /** Called after a completed run only. A failed or stopped run does not change the memory. */
  keep(ended: CompletedRun): void
}

const { MemorySession, user } = sdk

/**
 * Returns the kinds of session that a version of the SDK has. `conversationId` came with 0.1.0, and `MemorySession` with 0.3.0.
 * An import of a name that a version lacks would fail, and with it the adapter.
 */
export function listSessions(version: string): SessionMode[] {
  return [
    'history',
    'previous-response',
    ...(version.startsWith('0.0.') ? [] : (['conversation-object'] as const)),
    ...('MemorySession' in sdk ? (['runtime-default'] as const) : []),
  ]
}

const memories: Record<SessionMode, (client: OpenAI) => Memory> = {
  history() {
    let items: AgentInputItem[] = []
    return {
      buildInput: (say) => ({ input: [...items, user(say)], options: {} }),
      keep({ history }) {
        items = history
      },
    }
  },
  'previous-response'() {
    let previousResponseId: string | undefined
    return {
      buildInput: (say) => ({
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
      async buildInput(say) {
        conversationId ??= (await client.conversations.create()).id
        return { input: say, options: { conversationId } }
      },
      keep() {},
    }
  },
  'runtime-default'() {
    const session = new MemorySession()
    return { buildInput: (say) => ({ input: say, options: { session } }), keep() {} }
  },
}

/** Returns the memory of a conversation for a session mode. */
export function openMemory(session: SessionMode, client: OpenAI): Memory {
  return memories[session](client)
}
