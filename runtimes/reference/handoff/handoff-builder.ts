import type { Agent } from '../agent.ts'
import type { TerminationCondition } from './handoff-definition.ts'
import { HandoffWorkflow } from './handoff-workflow.ts'

export interface HandoffBuilderOptions {
  name?: string
  participants: readonly Agent[]
  terminationCondition?: TerminationCondition
}

/** Builds a workflow of agents that hand off to one another. Throws if a method names an agent that is not a participant. */
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

  /** Sets the agent that a conversation starts with. Default: the first participant. */
  withStartAgent(agent: Agent): this {
    this.#start = this.#findParticipant(agent)
    return this
  }

  addHandoff(from: Agent, to: readonly Agent[]): this {
    const source = this.#findParticipant(from)
    const targets = to.map((agent) => this.#findParticipant(agent))
    this.#handoffs.set(source, [...new Set([...(this.#handoffs.get(source) ?? []), ...targets])])
    return this
  }

  /**
   * Lets an agent continue after an answer without a handoff. The agent continues until it hands off, until the termination
   * condition is met, or until it has given as many answers as its limit (default one). Without this mode, an answer without
   * a handoff ends the turn.
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

  #findParticipant(agent: Agent): string {
    if (this.#participants.get(agent.name) !== agent)
      throw new Error(`workflow ${this.#name}: ${agent.name} is not a participant`)
    return agent.name
  }
}
