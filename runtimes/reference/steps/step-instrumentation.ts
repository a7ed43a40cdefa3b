import { diag } from '@opentelemetry/api'
import type { Agent } from '../agent.ts'
import type { HookedAgent, HookSubjects } from '../agent-hooks.ts'
import type { AgentResponse } from '../agent-response.ts'
import type { AgentRun } from '../agent-run.ts'
import type { RunContext } from '../context-provider.ts'
import { completed, type Ending } from '../ending.ts'
import { listCalls } from '../items.ts'
import type { AgentTelemetry } from '../telemetry/agent-telemetry.ts'
import { readFinishReason } from '../telemetry/messages.ts'
import { HookLeases } from './hook-leases.ts'
import { createStepCall, type StepCall } from './step-call.ts'
import { type CallStates, type StepParts, soundStepParts } from './step-parts.ts'
import { wrapPulls } from './wrap-pulls.ts'

export interface StepOptions {
  /** Receives warnings for the user. Default: OpenTelemetry's diagnostics. */
  warn?: (message: string) => void
  parts?: StepParts
}

/**
 * Creates a span for each round of an agent's loop. Its parent is the span of the run; its children are the spans of the
 * model request and the tool calls. The instrumentation wraps `run` from outside, and registers hooks with the agent while
 * calls are active. The instrumentation never fails a call: if the agent rejects the hooks, the run has no step spans.
 *
 * The first pull decides whether a call is instrumented. In mode `off` it is not.
 */
export class StepInstrumentation {
  readonly #telemetry: AgentTelemetry
  readonly #parts: StepParts
  readonly #states: CallStates
  readonly #leases: HookLeases

  constructor(telemetry: AgentTelemetry, { warn, parts = soundStepParts }: StepOptions = {}) {
    this.#telemetry = telemetry
    this.#parts = parts
    this.#states = parts.createStates()
    telemetry.findEnclosing = (agent, run) => {
      const call = this.#states.findCurrent(agent)
      return call?.run === run ? call.step?.context : undefined
    }
    this.#leases = new HookLeases(
      {
        preReasoning: (agent, about) => this.#beginStep(agent, about),
        postReasoning: (agent, about) => this.#onReasoned(agent, about),
        preActing: (agent, { run }) => this.#onActing(agent, run),
        postActing: (agent, { run }) => this.#onActed(agent, run),
      },
      parts,
      warn ?? ((message) => diag.warn(message)),
    )
  }

  /** Wraps the calls of the agent, and of all copies made with `withTools`. Returns the agent. */
  instrument(agent: Agent): Agent {
    const run = agent.run.bind(agent)
    const withTools = agent.withTools.bind(agent)
    agent.run = (input, options) => this.#wrapRun(agent, run(input, options))
    agent.withTools = (tools) => this.instrument(withTools(tools))
    return agent
  }

  /** Releases the agent's hooks for a call. A second release has no effect. */
  release(agent: HookedAgent, call: StepCall): void {
    this.#leases.release(agent, call)
  }

  #wrapRun(agent: HookedAgent, stream: AgentRun): AgentRun {
    let begun = false
    let call: StepCall | undefined
    stream.withCleanupHook((ending) => {
      // A stream that was stopped before its first pull can still be awaited. That pull must not start the call.
      begun = true
      if (call !== undefined) this.#endCall(agent, call, ending)
    })
    return wrapPulls(stream, (work) => {
      if (!begun) call = this.#beginCall(agent, stream)
      begun = true
      return call === undefined ? work() : this.#states.runWithin(agent, call, work)
    })
  }

  #beginCall(agent: HookedAgent, stream: AgentRun): StepCall | undefined {
    if (this.#telemetry.mode === 'off') return undefined
    const call = createStepCall()
    try {
      this.#leases.acquire(agent, call)
      return call
    } catch (error) {
      this.#parts.onRegistrationFailed(error, stream)
      return undefined
    }
  }

  #endCall(agent: HookedAgent, call: StepCall, ending: Ending<AgentResponse>): void {
    this.#endStep(call, ending.kind === 'completed' ? completed(call.finishReason ?? 'stop') : ending)
    this.#states.forget(agent, call)
    this.release(agent, call)
  }

  #beginStep(agent: HookedAgent, { run, trace }: HookSubjects['preReasoning']): void {
    const call = this.#findCall(agent, run)
    if (call === undefined) return
    this.#endStep(call, completed(call.finishReason ?? 'stop'))
    call.round++
    call.step = this.#telemetry.startStep(agent.definition, call.round, trace)
  }

  #onReasoned(agent: HookedAgent, { run, response }: HookSubjects['postReasoning']): void {
    const call = this.#findCall(agent, run)
    if (call === undefined) return
    call.finishReason = readFinishReason(response)
    if (response.status === 'incomplete' || listCalls(response.output).length === 0)
      this.#endStep(call, completed(call.finishReason))
  }

  #onActing(agent: HookedAgent, run: RunContext): void {
    const call = this.#findCall(agent, run)
    if (call !== undefined) call.acting++
  }

  /** Ends the round if this was its last active tool call. */
  #onActed(agent: HookedAgent, run: RunContext): void {
    const call = this.#findCall(agent, run)
    if (call === undefined) return
    call.acting--
    if (call.acting === 0) this.#endStep(call, completed(call.finishReason ?? 'tool_call'))
  }

  #endStep(call: StepCall, ending: Ending<string>): void {
    const { step } = call
    call.step = undefined
    call.finishReason = undefined
    call.acting = 0
    step?.end(ending)
  }

  /** Returns the state of the call, or undefined if this run is not instrumented: an agent's hooks are called for all its runs. */
  #findCall(agent: HookedAgent, run: RunContext): StepCall | undefined {
    const call = this.#states.findCurrent(agent)
    if (call === undefined) {
      this.#parts.onStateMissing()
      return undefined
    }
    call.run ??= run
    return call.run === run ? call : undefined
  }
}
