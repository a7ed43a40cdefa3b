import { type AgentResponse, addUsage, type UsageDetails } from '../agent-response.ts'
import type { HandoffParts } from '../parts/handoffs.ts'
import type { AgentSession } from '../session.ts'
import { type Contribution, heard, type WorkflowMessage } from './conversation.ts'
import type { WorkflowSession, WorkflowState } from './workflow-session.ts'

/** So many times may a turn change hands: agents that only hand on to one another would never end. */
const MOST_HANDOFFS = 64

/** One turn of the user with a workflow, while it is on: the session keeps what it was until the turn has ended. */
export class Turn {
  readonly usage: UsageDetails = { inputTokens: 0, outputTokens: 0 }
  /** The agent that has the conversation, and its session. */
  active: { agent: string; session: AgentSession }
  /** How often it has answered since it has it. */
  answers = 0
  readonly #begun: WorkflowState
  readonly #memory: WorkflowSession['memory']
  readonly #conversation: Contribution[]
  readonly #parts: HandoffParts
  /** The session that each agent had last. */
  readonly #sessions = new Map<string, AgentSession>()
  #handoffs = 0

  constructor({ memory, state }: WorkflowSession, start: string, parts: HandoffParts) {
    this.#parts = parts
    this.#begun = state
    this.#memory = memory
    this.#conversation = [...state.conversation]
    this.active = state.active ?? { agent: start, session: this.#takenOver(start) }
    this.#sessions.set(this.active.agent, this.active.session)
  }

  /** Somebody speaks to the agent; gives what was said. */
  hear(author: string, text: string): string {
    this.#conversation.push(heard(author, text))
    return text
  }

  answered(contribution: Contribution, { usage }: AgentResponse): void {
    this.#conversation.push(contribution)
    addUsage(this.usage, usage)
    this.answers++
  }

  /**
   * The conversation goes to another agent: it takes over all of it, in a session of its own, so that nothing of before the
   * handoff is ever continued, whatever calls it left open.
   */
  handTo(agent: string): void {
    if (++this.#handoffs > MOST_HANDOFFS)
      throw new Error(`the conversation changed hands more than ${MOST_HANDOFFS} times in one turn`)
    this.active = { agent, session: this.#takenOver(agent) }
    this.#sessions.set(agent, this.active.session)
    this.answers = 0
  }

  #takenOver(agent: string): AgentSession {
    return this.#parts.takenOver(this.#memory, this.#conversation, this.#sessions.get(agent))
  }

  transcript(): WorkflowMessage[] {
    return this.#parts.transcript(this.#conversation)
  }

  /** The session's state after the turn: where it did not end well, the one before it. */
  after(endedWell: boolean): WorkflowState {
    return endedWell ? { conversation: this.#conversation, active: this.active } : this.#begun
  }
}
