import { type AgentResponse, addUsage, type UsageDetails } from '../agent-response.ts'
import type { HandoffParts } from '../parts/handoffs.ts'
import type { AgentSession } from '../session.ts'
import { buildContribution, type Contribution, type WorkflowMessage } from './conversation.ts'
import type { WorkflowSession, WorkflowState } from './workflow-session.ts'

/** Maximum number of handoffs in one turn. Without a limit, agents that only hand off would never end. */
const MOST_HANDOFFS = 64

/** One active turn of the user with a workflow. The session does not change before the turn has ended. */
export class Turn {
  readonly usage: UsageDetails = { inputTokens: 0, outputTokens: 0 }
  /** The agent that currently handles the conversation, and its session. */
  active: { agent: string; session: AgentSession }
  /** Number of answers of the active agent since it took over. */
  answers = 0
  readonly #begun: WorkflowState
  readonly #memory: WorkflowSession['memory']
  readonly #conversation: Contribution[]
  readonly #parts: HandoffParts
  /** The latest session of each agent in this turn. */
  readonly #sessions = new Map<string, AgentSession>()
  #handoffs = 0

  constructor({ memory, state }: WorkflowSession, start: string, parts: HandoffParts) {
    this.#parts = parts
    this.#begun = state
    this.#memory = memory
    this.#conversation = [...state.conversation]
    this.active = state.active ?? { agent: start, session: this.#openSession(start) }
    this.#sessions.set(this.active.agent, this.active.session)
  }

  /** Adds a message to the conversation, and returns its text. */
  addMessage(author: string, text: string): string {
    this.#conversation.push(buildContribution(author, text))
    return text
  }

  addAnswer(contribution: Contribution, { usage }: AgentResponse): void {
    this.#conversation.push(contribution)
    addUsage(this.usage, usage)
    this.answers++
  }

  /**
   * Makes another agent the active one. The agent gets the whole conversation in a new session, so no request continues a
   * response from before the handoff, which may have open calls.
   */
  handOffTo(agent: string): void {
    if (++this.#handoffs > MOST_HANDOFFS) throw new Error(`one turn had more than ${MOST_HANDOFFS} handoffs`)
    this.active = { agent, session: this.#openSession(agent) }
    this.#sessions.set(agent, this.active.session)
    this.answers = 0
  }

  #openSession(agent: string): AgentSession {
    return this.#parts.openSession(this.#memory, this.#conversation, this.#sessions.get(agent))
  }

  buildTranscript(): WorkflowMessage[] {
    return this.#parts.buildTranscript(this.#conversation)
  }

  /** Returns the session's state after the turn. If the turn failed or was stopped, the state before the turn is kept. */
  buildState(endedWell: boolean): WorkflowState {
    return endedWell ? { conversation: this.#conversation, active: this.active } : this.#begun
  }
}
