import type { Agent } from '../agent.ts'
import type { TerminationCondition } from './handoff-definition.ts'
import { HandoffWorkflow } from './handoff-workflow.ts'

export interface HandoffBuilderOptions {
  name?: string
  participants: readonly Agent[]
  terminationCondition?: TerminationCondition
}

/** Builds a workflow of agents that hand a conversation to one another. Throws where it names an agent that takes no part. */
export class HandoffBuilder {
  readonly #name: string
  readonly #participants: Map<string, Agent>
  readonly #terminationCondition: TerminationCondition
  readonly #handoffs = new Map<string, string[]>()
  #start: string | undefined
  #turnLimits: Record<string, number> | undefined

  constructor({ name = 'handoff', participants, terminationCondition = () => false }: HandoffBuilderOptions) {
    this.#name = name
    this.#participants = new Map(participants.map((agent) => [agent.name, agent]))
    this.#terminationCondition = terminationCondition
  }

  /** The agent that a conversation begins with; by default the first participant. */
  withStartAgent(agent: Agent): this {
    this.#start = this.#participating(agent)
    return this
  }

  addHandoff(from: Agent, to: readonly Agent[]): this {
    const source = this.#participating(from)
    const targets = to.map((agent) => this.#participating(agent))
    this.#handoffs.set(source, [...new Set([...(this.#handoffs.get(source) ?? []), ...targets])])
    return this
  }

  /**
   * An agent that answers without handing off goes on by itself, until it hands off, the conversation is over, or it has
   * given as many answers as its limit says (by default one). Without it, such an answer ends the turn.
   */
  withAutonomousMode({ turnLimits = {} }: { turnLimits?: Record<string, number> } = {}): this {
    this.#turnLimits = { ...turnLimits }
    return this
  }

  build(): HandoffWorkflow {
    const [first] = this.#participants.keys()
    const start = this.#start ?? first
    if (start === undefined) throw new Error(`workflow ${this.#name} has no participants`)
    return new HandoffWorkflow({
      name: this.#name,
      participants: this.#participants,
      start,
      handoffs: this.#handoffs,
      terminationCondition: this.#terminationCondition,
      ...(this.#turnLimits ? { turnLimits: this.#turnLimits } : {}),
    })
  }

  #participating(agent: Agent): string {
    if (this.#participants.get(agent.name) !== agent)
      throw new Error(`workflow ${this.#name}: ${agent.name} is none of its participants`)
    return agent.name
  }
}
