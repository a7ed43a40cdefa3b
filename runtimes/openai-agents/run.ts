import { AgentsError, type RunItem, type Runner, type Usage } from '@openai/agents'
import { describeError } from '../../harness/contract/error-shape.ts'
import type { Outcome } from '../../harness/contract/run-outcome.ts'
import type { Run, RunRequest } from '../../harness/contract/runtime.ts'
import type { RunMark, TeamAgent } from './agents.ts'
import type { Ended, Memory } from './memory.ts'
import { updatesOf } from './updates.ts'

/** What is read of the SDK's result of a run. */
interface Result extends Ended {
  finalOutput?: unknown
  lastAgent: { name: string } | undefined
  newItems: RunItem[]
  state: { usage: Usage }
}

interface Streamed extends Result {
  completed: Promise<void>
  cancelled: boolean
}

/** A run, and what is to be kept of it where it completes. */
interface Started {
  mark: RunMark
  input: string
  memory: Memory
  /** Told the agent that a run which completed ended with. */
  lastAgent(name: string): void
}

/** Starts a run; it goes on to its end whether or not anyone iterates it. */
export function startRun(
  runner: Runner,
  agent: TeamAgent,
  memory: Memory,
  request: RunRequest,
  lastAgent: Started['lastAgent'],
): Run {
  const { run, signal, input } = request
  const mark: RunMark = { run, signal, ended: false }
  const started = { mark, input, memory, lastAgent }
  // The SDK stops after ten requests unless told otherwise; how many there are is the plan's to say.
  const always = { context: mark, signal, maxTurns: null }
  const next = Promise.resolve(memory.next(input))
  if (!request.stream) {
    const result = next.then(({ input, options }) => runner.run(agent, input, { ...always, ...options }))
    const settled = result
      .then((result) => completed(result, started))
      .catch((error) => failed(error, signal))
    return { updates: (async function* () {})(), outcome: () => settled }
  }
  const result = next.then(({ input, options }) =>
    runner.run(agent, input, { ...always, ...options, stream: true }),
  )
  const settled = result.then((result) => streamed(result, started)).catch((error) => failed(error, signal))
  return { updates: updatesOf(result), outcome: () => settled }
}

async function streamed(result: Streamed, started: Started): Promise<Outcome> {
  const { mark } = started
  try {
    await result.completed
  } catch (error) {
    return { ...failed(error, mark.signal), usage: usageOf(result.state.usage) }
  }
  // A stream that was cancelled ends without an error, and without a final output unless it had one before.
  if (result.cancelled && !mark.ended)
    return { status: 'stopped', text: '', usage: usageOf(result.state.usage) }
  return completed(result, started)
}

function completed(result: Result, { memory, input, lastAgent }: Started): Outcome {
  memory.keep(result)
  const { finalOutput, lastAgent: last, newItems } = result
  if (last) lastAgent(last.name)
  return {
    status: 'completed',
    text: typeof finalOutput === 'string' ? finalOutput : JSON.stringify(finalOutput ?? ''),
    ...(last ? { agent: last.name } : {}),
    usage: usageOf(result.state.usage),
    transcript: [{ author: 'user', text: input }, ...newItems.flatMap(messageOf)],
  }
}

/** What an agent said: the SDK tells the new items of a run, each message under its agent. */
function messageOf(item: RunItem): { author: string; text: string }[] {
  if (item.type !== 'message_output_item') return []
  const text = item.rawItem.content
    .map((part) => (part.type === 'output_text' ? part.text : part.type === 'refusal' ? part.refusal : ''))
    .join('')
  return [{ author: item.agent.name, text }]
}

function failed(error: unknown, signal: AbortSignal): Outcome {
  const state = error instanceof AgentsError ? error.state : undefined
  return {
    status: signal.aborted ? 'stopped' : 'failed',
    text: '',
    error: describeError(error),
    ...(state ? { usage: usageOf(state.usage) } : {}),
  }
}

function usageOf({ inputTokens, outputTokens }: Usage): NonNullable<Outcome['usage']> {
  return { input: inputTokens, output: outputTokens }
}
