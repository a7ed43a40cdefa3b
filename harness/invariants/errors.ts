import { toShortJson } from '../../mocks/json.ts'
import type { ErrorShape } from '../contract/error-shape.ts'
import { hasHandoff } from '../history/activations.ts'
import { findThrowingHook } from '../history/hooks.ts'
import { readItemText } from '../history/items.ts'
import { groupByRun, listOuterRequests, type RunRecord, readRunStatus } from '../history/runs.ts'
import type { Plan } from '../plan/types.ts'
import { needsMoreThanLimit } from './planned-turn.ts'
import type { Invariant, Violation } from './types.ts'

export const originalErrorKept: Invariant = {
  id: 'original-error-kept',
  level: 'must',
  statement:
    'The error of a failed run has a name. The error, or one that it wraps, names the first cause: the HTTP status, the code or message of the service, or what a hook or tool threw. A run reports a stop only if it was stopped, and the model is told when a tool fails.',
  source:
    'https://github.com/microsoft/agent-framework/issues/6866 (an error of the cleanup takes the place of what happened); https://github.com/pollinations/pollinations/pull/14744 (a model error collapses into "execution failed")',
  since: '0.1.0',
  needs: [],
  check: (history, plan) =>
    groupByRun(history).runs.flatMap((story) => [
      ...findLostError(story, plan),
      ...findHiddenToolErrors(story),
    ]),
  countWitnesses: (history, plan) =>
    groupByRun(history).runs.reduce((sum, story) => sum + countToldErrors(story, plan), 0),
}

/** Counts the errors that a run had to report: its own if it failed with a known cause, and those of its tools. */
function countToldErrors(story: RunRecord, plan: Plan): number {
  const { requests, toolEnds, stopped } = story
  const failed = readRunStatus(story) === 'failed' || readRunStatus(story) === 'stopped'
  const own = failed && stopped === undefined && findCause(story, plan) !== undefined ? 1 : 0
  const last = requests.at(-1)?.at ?? -1
  const told = toolEnds.filter(({ at, event }) => at < last && event.error !== undefined && !event.cancelled)
  return own + told.length
}

/** Returns failed tools whose output is empty in a later request. Any other text is allowed. */
function findHiddenToolErrors({ run, toolEnds, requests }: RunRecord): Violation[] {
  return toolEnds.flatMap(({ at, event: { name, call, error, cancelled } }) => {
    if (error === undefined || cancelled || call === undefined) return []
    const told = requests
      .filter((request) => request.at > at)
      .flatMap(({ asked }) => asked.context)
      .find((item) => item['type'] === 'function_call_output' && item['call_id'] === call)
    if (told === undefined || readItemText(told).trim() !== '') return []
    return [
      {
        at,
        message: `the tool ${name} of run ${run} threw ${toShortJson(error)}, but the model was given an empty output`,
        cause: 'tool error not told to the model',
      },
    ]
  })
}

function findLostError(story: RunRecord, plan: Plan): Violation[] {
  const { run, ended, stopped } = story
  if (ended === undefined || stopped !== undefined) return []
  if (readRunStatus(story) === 'stopped') {
    const why = findCause(story, plan)
    const by = why === undefined ? '' : `: the run failed because of ${why.what}`
    return [
      {
        at: ended.at,
        message: `run ${run} reports that it was stopped, but nobody stopped it${by}`,
        cause: `reported as stopped, ${why?.kind ?? 'unknown cause'}`,
      },
    ]
  }
  if (readRunStatus(story) !== 'failed') return []
  const { error } = ended.outcome
  if (error === undefined)
    return [
      {
        at: ended.at,
        message: `run ${run} failed, but its outcome has no error`,
        cause: `no error, ${findCause(story, plan)?.kind ?? 'unknown cause'}`,
      },
    ]
  if (error.name === '')
    return [
      {
        at: ended.at,
        message: `run ${run} failed with an error without a name`,
        cause: 'error without a name',
      },
    ]
  const cause = findCause(story, plan)
  const told = [error, ...(error.causes ?? [])]
  if (cause === undefined || told.some(cause.tells)) return []
  const earlier = listUntoldFailures(story).filter(({ at }) => at < cause.at)
  if (earlier.some(({ event }) => told.some(({ message }) => message.includes(event.error ?? '')))) return []
  return [
    {
      at: ended.at,
      message: `run ${run} failed because of ${cause.what}, but its error is ${toShortJson(error)}`,
      cause: `other error, ${cause.kind}`,
    },
  ]
}

/** The cause of a failed run, with its place in the history. */
interface Cause {
  at: number
  /** What failed, without its details. */
  kind: string
  what: string
  /** Returns whether an error names this cause. */
  tells(error: ErrorShape): boolean
}

/** Returns the first event that can have failed a run, or undefined if the cause is unknown. */
function findCause(story: RunRecord, plan: Plan): Cause | undefined {
  const causes = [findBrokenHook(story), findBrokenTool(story, plan), findBrokenAnswer(story)].filter(
    (cause) => cause !== undefined,
  )
  return causes.sort((one, other) => one.at - other.at)[0]
}

function findBrokenHook(story: RunRecord): Cause | undefined {
  const hook = findThrowingHook(story)
  if (hook === undefined) return undefined
  const { name } = hook.event
  const message = `conformance: hook ${name} throws`
  return buildThrownCause(hook.at, `hook ${name} threw`, `the hook ${name}`, message)
}

/**
 * Returns a tool that failed after the last request. Earlier failures were reported to the model. A failure beside a handoff is
 * reported to the next agent, and a run at its limit fails in any case, so these are no causes.
 */
function findBrokenTool(story: RunRecord, plan: Plan): Cause | undefined {
  if (hasHandoff(story) || needsMoreThanLimit(story, plan)) return undefined
  const [tool] = listUntoldFailures(story)
  if (tool?.event.error === undefined) return undefined
  return buildThrownCause(tool.at, 'tool threw', `the tool ${tool.event.name}`, tool.event.error)
}

/** Returns the tools that failed after the last request, so that no model was told. */
function listUntoldFailures({ toolEnds, requests }: RunRecord): RunRecord['toolEnds'] {
  const asked = requests.at(-1)?.at ?? -1
  return toolEnds.filter(({ at, event }) => at > asked && event.error !== undefined && !event.cancelled)
}

function buildThrownCause(at: number, kind: string, what: string, message: string): Cause {
  return {
    at,
    kind,
    what: `${what}, which threw ${toShortJson(message)}`,
    tells: (error) => error.message.includes(message),
  }
}

/**
 * Returns the failed last answer of a run. An agent that ran as a tool may report its failure in other words, so it is not a
 * cause.
 */
function findBrokenAnswer(story: RunRecord): Cause | undefined {
  const last = listOuterRequests(story).at(-1)
  if (last === undefined || last !== story.requests.at(-1)) return undefined
  const { ended, sent } = last
  const { how, status = 0 } = ended?.event ?? {}
  const broke = sent.find(({ event }) => event.error !== undefined || event.type === 'garbage')
  const at = broke?.at ?? ended?.at ?? last.at
  if (how === 'http' && status >= 400)
    return {
      at,
      kind: 'HTTP error',
      what: `HTTP status ${status}`,
      tells: ({ status: told, message }) => told === status || message.includes(`${status}`),
    }
  // A runtime may fail a run whose answer ended incomplete, with an error of its own.
  if (how === 'incomplete' && broke === undefined)
    return { at, kind: 'incomplete answer', what: 'an incomplete answer', tells: () => true }
  const { code, message } = broke?.event.error ?? ended?.event.error ?? {}
  const words = [code, message].filter((word) => word !== undefined && word !== '')
  const unknown = words.length === 0 || broke?.event.type === 'garbage'
  if (unknown)
    return how === 'cut' || broke !== undefined
      ? { at, kind: 'broken stream', what: 'a broken stream', tells: () => true }
      : undefined
  return {
    at,
    kind: broke?.event.type === 'error' ? 'error event' : 'failed response',
    what: `the service error ${toShortJson(code ?? message)}`,
    tells: (error) => words.some((word) => error.code === word || error.message.includes(word ?? '')),
  }
}
