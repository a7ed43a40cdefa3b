import { AgentsError, type RunItem, type Runner, type Usage } from '@openai/agents'
import { describeError } from '../../harness/contract/error-shape.ts'
import type { Outcome } from '../../harness/contract/run-outcome.ts'
import type { Run, RunRequest } from '../../harness/contract/runtime.ts'
import type { RunMark, TeamAgent } from './agents.ts'
import type { CompletedRun, Memory } from './memory.ts'
import { readUpdates } from './updates.ts'

/** The fields of the SDK's result that the adapter reads. */
interface Result extends CompletedRun {
  finalOutput?: unknown
  lastAgent: { name: string } | undefined
  newItems: RunItem[]
  state: { usage?: Usage }
}

interface Streamed extends Result {
  completed: Promise<void>
  cancelled: boolean
}

/** A run, and where its result is kept if it completes. */
interface Started {
  mark: RunMark
  input: string
  memory: Memory
  /** Receives the name of the last agent of a completed run. */
  lastAgent(name: string): void
}

/** Starts a run. The run continues to its end even if no code iterates it. */
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
  // By default the SDK stops after ten answers. Here the plan decides how many there are. Versions before 0.10 take a null for the
  // default.
  const always = { context: mark, signal, maxTurns: request.limit ?? Number.MAX_SAFE_INTEGER }
  const next = Promise.resolve(memory.buildInput(input))
  if (!request.stream) {
    const result = next.then(({ input, options }) => runner.run(agent, input, { ...always, ...options }))
    const settled = result
      .then((result) => buildCompletedOutcome(result, started))
      .catch((error) => buildFailedOutcome(error, signal))
    return { updates: (async function* () {})(), outcome: () => settled }
  }
  const result = next.then(({ input, options }) =>
    runner.run(agent, input, { ...always, ...options, stream: true }),
  )
  const settled = result
    .then((result) => waitForStreamedOutcome(result, started))
    .catch((error) => buildFailedOutcome(error, signal))
  return { updates: readUpdates(result), outcome: () => settled }
}

async function waitForStreamedOutcome(result: Streamed, started: Started): Promise<Outcome> {
  const { mark } = started
  try {
    await result.completed
  } catch (error) {
    return { ...buildFailedOutcome(error, mark.signal), ...readUsage(result.state) }
  }
  // A cancelled stream ends without an error. It has a final output only if the agent had ended before.
  if (result.cancelled && !mark.ended) return { status: 'stopped', text: '', ...readUsage(result.state) }
  return buildCompletedOutcome(result, started)
}

function buildCompletedOutcome(result: Result, { memory, input, lastAgent }: Started): Outcome {
  memory.keep(result)
  const { finalOutput, lastAgent: last, newItems } = result
  if (last) lastAgent(last.name)
  return {
    status: 'completed',
    text: typeof finalOutput === 'string' ? finalOutput : JSON.stringify(finalOutput ?? ''),
    ...(last ? { agent: last.name } : {}),
    ...readUsage(result.state),
    transcript: [{ author: 'user', text: input }, ...newItems.flatMap(listMessages)],
  }
}

/** Returns an item as a message of its agent. Returns an empty list for any other item. */
function listMessages(item: RunItem): { author: string; text: string }[] {
  if (item.type !== 'message_output_item') return []
  const text = item.rawItem.content
    .map((part) => (part.type === 'output_text' ? part.text : part.type === 'refusal' ? part.refusal : ''))
    .join('')
  return [{ author: item.agent.name, text }]
}

function buildFailedOutcome(error: unknown, signal: AbortSignal): Outcome {
  const state = error instanceof AgentsError ? error.state : undefined
  return {
    status: signal.aborted ? 'stopped' : 'failed',
    text: '',
    error: describeError(error),
    ...(state ? readUsage(state) : {}),
  }
}

/** Returns the usage of a run. Versions before 0.3.4 may not tell it. */
function readUsage({ usage }: { usage?: Usage }): Pick<Outcome, 'usage'> {
  return usage ? { usage: { input: usage.inputTokens, output: usage.outputTokens } } : {}
}
