import { type Context, context } from '@opentelemetry/api'
import type { Agent } from '../agent.ts'
import type { AgentResponse, AgentResponseUpdate, UsageDetails } from '../agent-response.ts'
import type { HandoffParts } from '../parts/handoffs.ts'
import { ResponseStream } from '../response-stream.ts'
import type { MemoryKind } from '../session.ts'
import type { Operation } from '../telemetry/operation.ts'
import { type Contribution, NOBODY, USER, type WorkflowMessage } from './conversation.ts'
import type { HandoffDefinition } from './handoff-definition.ts'
import { buildHandoffTool, formatHandoffName } from './handoff-tool.ts'
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
        agent.withTools((handoffs.get(name) ?? []).map(buildHandoffTool)),
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
      operation = this.#startOperation(above)
      turn = new Turn(session, this.#definition.start, this.#parts)
      return this.#runTurn(input, turn, { ...options, signal, trace: operation.context })
    }
    return new ResponseStream<WorkflowEvent, WorkflowResult>(
      {
        // This generator delays `begin` until the first pull.
        async *openUpdates(signal) {
          return yield* begin(signal)
        },
        async settle(ending) {
          if (turn !== undefined) session.state = turn.buildState(ending.kind === 'completed')
          operation?.end(ending)
          return ending
        },
      },
      options.signal,
      this.#findAgent(this.#definition.start).definition.parts,
    )
  }

  async *#runTurn(
    input: string,
    turn: Turn,
    options: WorkflowRunOptions & { signal: AbortSignal; trace: Context },
  ): AsyncGenerator<WorkflowEvent, WorkflowResult> {
    let said: string | undefined = turn.addMessage(USER, input)
    for (;;) {
      const { agent, session } = turn.active
      const run = this.#findAgent(agent).run(said, { ...options, session })
      for await (const update of run) yield { type: 'output', agent, update }
      const response = await run.getFinalResponse()
      turn.addAnswer(this.#buildContribution(agent, response), response)
      const handoff = this.#findTarget(agent, response)
      if (handoff !== undefined) {
        yield { type: 'handoff_sent', source: agent, target: handoff }
        turn.handOffTo(handoff)
      }
      if (this.#isOver(turn, response)) {
        const messages = turn.buildTranscript()
        yield { type: 'transcript', messages }
        const { status, text } = response
        return { status, text, agent, usage: turn.usage, transcript: messages }
      }
      said = handoff === undefined ? turn.addMessage(NOBODY, GO_ON) : undefined
    }
  }

  get #parts(): HandoffParts {
    return this.#findAgent(this.#definition.start).definition.parts.handoffs
  }

  #findTarget(agent: string, { handoff }: AgentResponse): string | undefined {
    if (handoff === undefined) return undefined
    return this.#parts.chooseTarget(handoff, this.#definition.handoffs.get(agent) ?? [])
  }

  /** Returns whether the turn is over after an answer. `HandoffParts.isOver` has the rules. */
  #isOver(turn: Turn, { status, handoff }: AgentResponse): boolean {
    const { terminationCondition, turnLimits } = this.#definition
    return this.#parts.isOver({
      status,
      handsOff: handoff !== undefined,
      conditionMet: terminationCondition(turn.buildTranscript()),
      answers: turn.answers,
      ...(turnLimits ? { limit: turnLimits[turn.active.agent] ?? 1 } : {}),
    })
  }

  #buildContribution(agent: string, { items }: AgentResponse): Contribution {
    const names = new Set((this.#definition.handoffs.get(agent) ?? []).map(formatHandoffName))
    return { author: agent, items: this.#parts.listSharedItems(items, (tool) => names.has(tool)) }
  }

  #startOperation(above: Context): Operation<unknown> {
    const { definition } = this.#findAgent(this.#definition.start)
    return definition.telemetry.startWorkflowRun(definition, this.#definition.name, above)
  }

  #findAgent(name: string): Agent {
    const agent = this.#agents.get(name)
    if (agent === undefined) throw new Error(`workflow ${this.#definition.name} has no agent ${name}`)
    return agent
  }
}
