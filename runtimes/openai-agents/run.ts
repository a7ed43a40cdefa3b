import { AgentsError, type Runner, type Usage } from '@openai/agents'
import { errorShape, type Outcome, type Run, type RunRequest } from '../../harness/runtime.ts'
import type { FirstAgent, RunMark } from './agents.ts'
import type { Ended, Memory } from './memory.ts'
import { updatesOf } from './updates.ts'

/** What is read of the SDK's result of a run. */
interface Result extends Ended {
  finalOutput?: unknown
  lastAgent: { name: string } | undefined
  state: { usage: Usage }
}

interface Streamed extends Result {
  completed: Promise<void>
  cancelled: boolean
}

/** Starts a run; it goes on to its end whether or not anyone iterates it. */
export function startRun(runner: Runner, agent: FirstAgent, memory: Memory, request: RunRequest): Run {
  const { run, signal, input } = request
  const mark: RunMark = { run, signal, ended: false }
  // The SDK stops after ten requests unless told otherwise; how many there are is the plan's to say.
  const always = { context: mark, signal, maxTurns: null }
  const next = Promise.resolve(memory.next(input))
  if (!request.stream) {
    const result = next.then(({ input, options }) => runner.run(agent, input, { ...always, ...options }))
    const settled = result.then((result) => completed(result, memory)).catch((error) => failed(error, signal))
    return { updates: (async function* () {})(), outcome: () => settled }
  }
  const result = next.then(({ input, options }) =>
    runner.run(agent, input, { ...always, ...options, stream: true }),
  )
  const settled = result
    .then((result) => streamed(result, mark, memory))
    .catch((error) => failed(error, signal))
  return { updates: updatesOf(result), outcome: () => settled }
}

async function streamed(result: Streamed, mark: RunMark, memory: Memory): Promise<Outcome> {
  try {
    await result.completed
  } catch (error) {
    return { ...failed(error, mark.signal), usage: usageOf(result.state.usage) }
  }
  // A stream that was cancelled ends without an error, and without a final output unless it had one before.
  if (result.cancelled && !mark.ended)
    return { status: 'stopped', text: '', usage: usageOf(result.state.usage) }
  return completed(result, memory)
}

function completed(result: Result, memory: Memory): Outcome {
  memory.keep(result)
  const { finalOutput, lastAgent } = result
  return {
    status: 'completed',
    text: typeof finalOutput === 'string' ? finalOutput : JSON.stringify(finalOutput ?? ''),
    ...(lastAgent ? { agent: lastAgent.name } : {}),
    usage: usageOf(result.state.usage),
  }
}

function failed(error: unknown, signal: AbortSignal): Outcome {
  const state = error instanceof AgentsError ? error.state : undefined
  return {
    status: signal.aborted ? 'stopped' : 'failed',
    text: '',
    error: errorShape(error),
    ...(state ? { usage: usageOf(state.usage) } : {}),
  }
}

function usageOf({ inputTokens, outputTokens }: Usage): NonNullable<Outcome['usage']> {
  return { input: inputTokens, output: outputTokens }
}
