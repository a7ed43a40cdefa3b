import { describeError } from '../../harness/contract/error-shape.ts'
import type { Outcome, Update, Usage } from '../../harness/contract/run-outcome.ts'
import type { Run, RunRequest } from '../../harness/contract/runtime.ts'
import type { AgentResponseUpdate, UsageDetails } from './agent-response.ts'
import type { Ending } from './ending.ts'
import type { ResponseStream } from './response-stream.ts'

/** A run's stream, and the functions that convert its events and its result for the harness. */
export interface ConvertedRun<U, R> {
  stream: ResponseStream<U, R>
  /** Returns undefined for an event that is not an update of the run. */
  toUpdate(event: U): Update | undefined
  toOutcome(result: R): Outcome
}

/** A run that the harness drives. The team keeps it until it has ended. */
export interface DrivenRun {
  run: Run
  cancel(): Promise<void>
  onEnd(told: () => void): void
}

/** Returns the run that the harness pulls from, stops and asks for its outcome. */
export function driveRun<U, R>(told: ConvertedRun<U, R>, request: RunRequest): DrivenRun {
  const { stream } = told
  const iterator = stream[Symbol.asyncIterator]()
  const done = { done: true, value: undefined } as const
  const updates: AsyncIterableIterator<Update> = {
    [Symbol.asyncIterator]: () => updates,
    async next() {
      // A run that is not streamed delivers no updates.
      if (!request.stream) return done
      for (;;) {
        const pulled = await iterator.next()
        if (pulled.done) return done
        const value = told.toUpdate(pulled.value)
        if (value !== undefined) return { done: false, value }
      }
    },
    async return() {
      await iterator.return?.()
      return done
    },
  }
  return {
    run: { updates, outcome: async () => buildOutcome(await stream.waitForEnding(), told) },
    cancel: () => stream.cancel(),
    onEnd: (hook) => void stream.withCleanupHook(hook),
  }
}

function buildOutcome<U, R>(ending: Ending<R>, told: ConvertedRun<U, R>): Outcome {
  if (ending.kind === 'completed') return told.toOutcome(ending.result)
  if (ending.kind === 'stopped') return { status: 'stopped', text: '' }
  return { status: 'failed', text: '', error: describeError(ending.error) }
}

export function buildUpdate(update: AgentResponseUpdate): Update {
  if (update.type === 'text') return { kind: 'text', text: update.text }
  const { type, id } = update.item
  return { kind: 'item', type, ...(typeof id === 'string' ? { id } : {}) }
}

export function buildUsage({ inputTokens, outputTokens }: UsageDetails): Usage {
  return { input: inputTokens, output: outputTokens }
}
