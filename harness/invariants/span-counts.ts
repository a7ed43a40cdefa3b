import { filterEvents, type History } from '../contract/events.ts'
import {
  findHandoffTarget,
  hasHandoff,
  listActivations,
  listAgentTurns,
  listCalls,
} from '../history/activations.ts'
import {
  hasSucceeded,
  listNestedAgents,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import {
  canCheckSpans,
  listSpans,
  listTracedRuns,
  readOperation,
  type Span,
  type TracedRun,
} from '../history/spans.ts'
import { nameRunEnd, nameSpan } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

export const spansCounted: Invariant = {
  id: 'spans-counted',
  level: 'must',
  statement:
    'A run has one chat span per answer (or per attempt), one execute_tool span per tool call, and one invoke_agent span per activation or turn of an agent. If the runtime declares step hooks, or registers some, the run also has one react span per answer.',
  source:
    'https://github.com/alibaba/loongsuite-python-agent/pull/184 (2 agent, 4 step, 4 llm and 2 tool spans expected, half of the steps lost); https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans/ (v1.41.0)',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (!canCheckCounts(history)) return []
    const stray = hasStrayRequests(history)
    const steps = hasStepSpans(history)
    return listTracedRuns(history).flatMap(({ story, spans }) => {
      if (!hasCountedSpans(story)) return []
      return Object.entries(computeExpectedCounts(story, stray, steps)).flatMap(
        ([operation, { least, most }]) => {
          const count = spans.filter((span) => readOperation(span) === operation).length
          if (count >= least && count <= most) return []
          const expected =
            least === most ? `${least}` : most === ANY ? `at least ${least}` : `${least} to ${most}`
          const message = `run ${story.run} has ${count} ${operation} spans, expected ${expected}`
          const cause = `too ${count < least ? 'few' : 'many'} ${operation} spans, ${nameRunEnd(story)}`
          return [{ at: story.ended?.at ?? story.at, message, cause }]
        },
      )
    })
  },
  countWitnesses: (history) =>
    canCheckCounts(history)
      ? listTracedRuns(history).filter(({ story }) => hasCountedSpans(story)).length
      : 0,
}

const OPERATIONS: ReadonlySet<string> = new Set(['chat', 'execute_tool', 'invoke_agent'])

/** Returns whether spans can be counted. A runtime may give its spans names of its own that do not tell the operation. */
function canCheckCounts(history: History): boolean {
  const spans = listSpans(history)
  return (
    canCheckSpans(history) &&
    (spans.length === 0 || spans.some((span) => OPERATIONS.has(readOperation(span))))
  )
}

function hasCountedSpans(story: RunRecord): boolean {
  return story.requests.length > 0 && readRunStatus(story) !== 'hung'
}

/**
 * Returns whether each answer must have a react span: the runtime declares step hooks or registers them, and the plan disturbs no
 * registration.
 */
function hasStepSpans(history: History): boolean {
  const declared = filterEvents(history, 'runtime').some(({ stepHooks }) => stepHooks)
  const registrations = filterEvents(history, 'registration').filter(({ at }) => at === 'register')
  return (
    (declared || registrations.length > 0) && registrations.every(({ sabotage }) => sabotage === undefined)
  )
}

const ANY = Number.POSITIVE_INFINITY

/** Returns whether some requests belong to no known run. Then no upper bounds are checked. */
function hasStrayRequests(history: History): boolean {
  return history.some((event) => event.kind === 'request' && event.run === null)
}

/**
 * Returns how many spans of each operation a run must have. A run that did not complete has no upper bound, because it may
 * have begun work that was not observed. `steps`: answers have react spans as well.
 */
function computeExpectedCounts(
  story: RunRecord,
  stray: boolean,
  steps: boolean,
): Record<string, { least: number; most: number }> {
  const { requests, toolStarts, stopped } = story
  const whole = hasSucceeded(story) && stopped === undefined && !stray
  const upTo = (most: number) => (whole ? most : ANY)
  const answers = requests.filter(({ asked }) => asked.attempt === 0).length
  const nested = listNestedAgents(story).size
  const handoffs = requests.flatMap((request) =>
    listCalls(request).filter((call) => findHandoffTarget(request, call) !== undefined),
  ).length
  // A call that reached no tool of the harness may have run an agent, or the runtime may have rejected it.
  const elsewhere = Math.max(0, countCalls(requests) - toolStarts.length)
  return {
    chat: { least: answers, most: upTo(requests.length) },
    ...(steps ? { react: { least: answers, most: upTo(requests.length) } } : {}),
    // An agent that ran for an incomplete call counts as well. Another rule is about such calls.
    execute_tool: {
      least: toolStarts.length + nested,
      most: upTo(toolStarts.length + Math.max(nested, elsewhere)),
    },
    invoke_agent: {
      least: Math.max(1, listActivations(story).length) + nested,
      most: upTo(Math.max(1, listAgentTurns(story).length) + Math.max(nested, elsewhere - handoffs)),
    },
  }
}

/** Counts the complete calls in complete and incomplete answers. */
function countCalls(requests: readonly RequestRecord[]): number {
  return requests
    .flatMap(({ ended }) => ended?.event.response?.output ?? [])
    .filter((item) => item['type'] === 'function_call' && item['status'] !== 'incomplete').length
}

export const spanStatusTellsOutcome: Invariant = {
  id: 'span-status-tells-outcome',
  level: 'must',
  statement:
    'If a run failed, its invoke_agent span and the chat span of the failed request have the status ERROR, and error.type if they follow the semantic conventions. If a run completed, its invoke_agent span does not have the status ERROR.',
  source:
    'https://opentelemetry.io/docs/specs/semconv/general/recording-errors/; https://github.com/AgentOps-AI/agentops/pull/1431 (a failed stream left its span without its error)',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (!canCheckSpans(history)) return []
    return listTracedRuns(history).flatMap((traced) => {
      const { story } = traced
      const invoked = listAgentSpans(traced)
      const last = invoked.at(-1)
      if (last?.ended === undefined || story.stopped !== undefined) return []
      const status = readRunStatus(story)
      const wrong = invoked.find(({ ended }) => ended?.status === 'ERROR')
      if (status === 'completed' && wrong !== undefined)
        return [
          buildSpanViolation(
            wrong,
            `has the status ERROR, but run ${story.run} completed`,
            'has status ERROR, run completed',
          ),
        ]
      // A hook may throw after the span has ended.
      if (status !== 'failed' || story.hooks.some(({ event }) => event.threw)) return []
      // An agent that handed off has not failed. The next agent or the workflow did.
      if (hasHandoff(story)) return []
      return [...checkFailureStatus(last, `run ${story.run} failed`), ...checkFailedChat(traced)]
    })
  },
  countWitnesses(history) {
    if (!canCheckSpans(history)) return 0
    return listTracedRuns(history).filter((traced) => {
      const { story } = traced
      if (story.stopped !== undefined || listAgentSpans(traced).at(-1)?.ended === undefined) return false
      const status = readRunStatus(story)
      if (status === 'completed') return true
      return status === 'failed' && !story.hooks.some(({ event }) => event.threw) && !hasHandoff(story)
    }).length
  },
}

/**
 * Returns the `invoke_agent` spans of the agents that had the conversation. Spans of agents that were called as tools do not
 * count: in a run of one turn, these are all but the first.
 */
function listAgentSpans({ story, spans }: TracedRun): Span[] {
  const invoked = spans.filter((span) => readOperation(span) === 'invoke_agent')
  if (listAgentTurns(story).length <= 1) return invoked.slice(0, 1)
  const agents = new Set(listActivations(story).map(({ agent }) => agent))
  return invoked.filter(({ started, ended }) =>
    [...agents].some(
      (agent) => started.name === `invoke_agent ${agent}` || ended?.attributes['gen_ai.agent.name'] === agent,
    ),
  )
}

/** Checks the chat span of the request that failed the run. Runs with agents as tools are not checked. */
function checkFailedChat({ story, spans }: TracedRun): Violation[] {
  const last = listOuterRequests(story).at(-1)
  const chat = spans.findLast((span) => readOperation(span) === 'chat')
  if (last === undefined || chat === undefined || listNestedAgents(story).size > 0 || !hasFailedOnWire(last))
    return []
  return checkFailureStatus(chat, `request ${last.asked.request} failed`)
}

function hasFailedOnWire({ ended }: RequestRecord): boolean {
  const { how, status = 0 } = ended?.event ?? {}
  switch (how) {
    case 'cut':
    case 'failed':
      return true
    case 'http':
      return status >= 400
    case 'completed':
    case 'incomplete':
    case undefined:
      return false
  }
}

function checkFailureStatus(span: Span, what: string): Violation[] {
  const { ended } = span
  if (ended === undefined) return []
  if (ended.status !== 'ERROR')
    return [
      buildSpanViolation(
        span,
        `has the status ${ended.status}, expected ERROR because ${what}`,
        'lacks status ERROR, run failed',
      ),
    ]
  // A span follows the conventions if it names its operation.
  const conventional = ended.attributes['gen_ai.operation.name'] !== undefined
  return conventional && ended.attributes['error.type'] === undefined
    ? [buildSpanViolation(span, `lacks error.type, although ${what}`, 'lacks error.type, run failed')]
    : []
}

function buildSpanViolation(span: Span, what: string, cause: string): Violation {
  const { at, started } = span
  return { at, message: `span "${started.name}" ${what}`, cause: `${nameSpan(span)} span ${cause}` }
}
