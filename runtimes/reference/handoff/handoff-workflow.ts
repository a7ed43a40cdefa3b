import { type Context, context } from '@opentelemetry/api'
import type { Agent } from '../agent.ts'
import type { AgentResponse, AgentResponseUpdate, UsageDetails } from '../agent-response.ts'
import type { HandoffParts } from '../parts/handoffs.ts'
import { ResponseStream } from '../response-stream.ts'
import type { MemoryKind } from '../session.ts'
import type { Operation } from '../telemetry/operation.ts'
import { type Contribution, NOBODY, USER, type WorkflowMessage } from './conversation.ts'
import type { HandoffDefinition } from './handoff-definition.ts'
import { handoffName, handoffTool } from './handoff-tool.ts'
import { Turn } from './turn.ts'
import { WorkflowSession } from './workflow-session.ts'

/** One event of a workflow, delivered while it runs. */
export type WorkflowEvent =
  | { type: 'handoff_sent'; source: string; target: string }
  | { type: 'output'; agent: string; update: AgentResponseUpdate }
  /** The last event, with the whole conversation. */
  | { type: 'transcript'; messages: WorkflowMessage[] }

export interface WorkflowResult {
  /** The status of the last answer. An `incomplete` answer ends the turn at once. */
  status: AgentResponse['status']
  /** The text of the last answer. */
  text: string
  /** The agent that gave the last answer. */
  agent: string
  usage: UsageDetails
  transcript: WorkflowMessage[]
}

export interface WorkflowRunOptions {
  session?: WorkflowSession
  stream?: boolean
  store?: boolean
  signal?: AbortSignal
  /** A value for the hooks and tools of every agent. */
  context?: unknown
}

export type WorkflowRun = ResponseStream<WorkflowEvent, WorkflowResult>

/** The prompt for an agent that continues in autonomous mode. */
const GO_ON = 'The user did not respond. Go on by yourself.'

/** Agents that hand a conversation to one another. A workflow holds no state of its runs, so many runs can share it. */
export class HandoffWorkflow {
  readonly #definition: HandoffDefinition
  readonly #agents: ReadonlyMap<string, Agent>

  constructor(definition: HandoffDefinition) {
    this.#definition = definition
    const { participants, handoffs } = definition
    this.#agents = new Map(
      [...participants].map(([name, agent]) => [
        name,
        agent.withTools((handoffs.get(name) ?? []).map(handoffTool)),
      ]),
    )
  }

  createSession(memory?: MemoryKind): WorkflowSession {
    return new WorkflowSession(memory)
  }

  /** Returns one turn of the user. The turn starts when it is first iterated or when its final response is awaited. */
  run(input: string, options: WorkflowRunOptions = {}): WorkflowRun {
    const above = context.active()
    const session = options.session ?? this.createSession()
    let turn: Turn | undefined
    let operation: Operation<unknown> | undefined
    const begin = (signal: AbortSignal) => {
      operation = this.#operation(above)
      turn = new Turn(session, this.#definition.start, this.#parts)
      return this.#activations(input, turn, { ...options, signal, trace: operation.context })
    }
    return new ResponseStream<WorkflowEvent, WorkflowResult>(
      {
        // This generator delays `begin` until the first pull.
        async *updates(signal) {
          return yield* begin(signal)
        },
        async settle(ending) {
          if (turn !== undefined) session.state = turn.after(ending.kind === 'completed')
          operation?.end(ending)
          return ending
        },
      },
      options.signal,
      this.#agent(this.#definition.start).definition.parts,
    )
  }

  async *#activations(
    input: string,
    turn: Turn,
    options: WorkflowRunOptions & { signal: AbortSignal; trace: Context },
  ): AsyncGenerator<WorkflowEvent, WorkflowResult> {
    let said: string | undefined = turn.hear(USER, input)
    for (;;) {
      const { agent, session } = turn.active
      const run = this.#agent(agent).run(said, { ...options, session })
      for await (const update of run) yield { type: 'output', agent, update }
      const response = await run.getFinalResponse()
      turn.answered(this.#contribution(agent, response), response)
      const handoff = this.#target(agent, response)
      if (handoff !== undefined) {
        yield { type: 'handoff_sent', source: agent, target: handoff }
        turn.handTo(handoff)
      }
      if (this.#isOver(turn, response)) {
        const messages = turn.transcript()
        yield { type: 'transcript', messages }
        const { status, text } = response
        return { status, text, agent, usage: turn.usage, transcript: messages }
      }
      said = handoff === undefined ? turn.hear(NOBODY, GO_ON) : undefined
    }
  }

  get #parts(): HandoffParts {
    return this.#agent(this.#definition.start).definition.parts.handoffs
  }

  #target(agent: string, { handoff }: AgentResponse): string | undefined {
    if (handoff === undefined) return undefined
    return this.#parts.target(handoff, this.#definition.handoffs.get(agent) ?? [])
  }

  /** Returns whether the turn is over after an answer. `HandoffParts.isOver` has the rules. */
  #isOver(turn: Turn, { status, handoff }: AgentResponse): boolean {
    const { terminationCondition, turnLimits } = this.#definition
    return this.#parts.isOver({
      status,
      handsOff: handoff !== undefined,
      conditionMet: terminationCondition(turn.transcript()),
      answers: turn.answers,
      ...(turnLimits ? { limit: turnLimits[turn.active.agent] ?? 1 } : {}),
    })
  }

  #contribution(agent: string, { items }: AgentResponse): Contribution {
    const names = new Set((this.#definition.handoffs.get(agent) ?? []).map(handoffName))
    return { author: agent, items: this.#parts.retold(items, (tool) => names.has(tool)) }
  }

  #operation(above: Context): Operation<unknown> {
    const { definition } = this.#agent(this.#definition.start)
    return definition.telemetry.invokeWorkflow(definition, this.#definition.name, above)
  }

  #agent(name: string): Agent {
    const agent = this.#agents.get(name)
    if (agent === undefined) throw new Error(`workflow ${this.#definition.name} has no agent ${name}`)
    return agent
  }
}
