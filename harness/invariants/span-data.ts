import { readFate } from '../account/entries.ts'
import type { ServedResponse, SpanEnded } from '../contract/events.ts'
import type { Usage } from '../contract/run-outcome.ts'
import { listActivations, listAgentTurns } from '../history/activations.ts'
import {
  groupByRun,
  isAnsweredWhole,
  listNestedAgents,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import { canCheckSpans, listSpans, listTracedRuns, readOperation, type TracedRun } from '../history/spans.ts'
import type { Invariant, Violation } from './types.ts'

export const spansCarryOwnData: Invariant = {
  id: 'spans-carry-own-data',
  level: 'must',
  statement:
    'The response id and token usage of a chat span belong to one response of the same run, and no two chat spans share a response. The token usage of an invoke_agent span is the usage of its run, activation or turn.',
  source:
    'https://github.com/alibaba/loongsuite-python-agent/pull/184 (token usage and response ids of overlapping runs are mixed); https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/, gen_ai.response.id, gen_ai.usage.* (v1.41.0)',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    if (!canCheckSpans(history)) return []
    const ownerOf = new Map<string, string | null>()
    for (const { asked, ended } of groupByRun(history).requests)
      if (ended?.event.response) ownerOf.set(ended.event.response.id, asked.run)
    const told = new Set<string>()
    return listTracedRuns(history).flatMap((traced) => {
      const { story, spans } = traced
      const served = listResponses(story)
      const wrong = spans.flatMap((span) => {
        const { ended } = span
        if (ended === undefined) return []
        const operation = readOperation(span)
        const found =
          operation === 'chat'
            ? [findForeignId(ended, story, ownerOf, told), findForeignUsage(ended, served)]
            : operation === 'invoke_agent'
              ? [findWrongTotal(ended, story)]
              : []
        return found
          .filter((one) => one !== undefined)
          .map(({ what, cause }) => ({
            at: span.at,
            message: `span "${span.started.name}" of run ${story.run} ${what}`,
            cause,
          }))
      })
      return [...wrong, ...findMissingResponses(traced)]
    })
  },
  countWitnesses: (history) =>
    canCheckSpans(history)
      ? listSpans(history).filter(
          ({ ended }) =>
            ended !== undefined &&
            (ended.attributes['gen_ai.response.id'] !== undefined || readUsage(ended) !== undefined),
        ).length
      : 0,
}

/** What is wrong with the data of a span. */
interface WrongData {
  what: string
  cause: string
}

function listResponses({ requests }: Pick<RunRecord, 'requests'>): ServedResponse[] {
  return requests.flatMap(({ ended }) => ended?.event.response ?? [])
}

function findForeignId(
  { attributes }: SpanEnded,
  { run }: RunRecord,
  ownerOf: ReadonlyMap<string, string | null>,
  told: Set<string>,
): WrongData | undefined {
  const id = attributes['gen_ai.response.id']
  if (typeof id !== 'string') return undefined
  const owner = ownerOf.get(id)
  if (typeof owner === 'string' && owner !== run)
    return { what: `reports response ${id}, which belongs to run ${owner}`, cause: 'response of another run' }
  if (told.has(id))
    return {
      what: `reports response ${id}, which another chat span reports as well`,
      cause: 'one response in two spans',
    }
  told.add(id)
  return undefined
}

/** Returns responses without a chat span, if any chat span of the run reports a response. */
function findMissingResponses({ story, spans }: TracedRun): Violation[] {
  const { ended, requests, run } = story
  const told = new Set(
    spans
      .filter((span) => readOperation(span) === 'chat')
      .map((span) => span.ended?.attributes['gen_ai.response.id']),
  )
  told.delete(undefined)
  // An agent that runs as a tool may have its own telemetry.
  if (ended === undefined || readRunStatus(story) !== 'completed' || listNestedAgents(story).size > 0)
    return []
  if (told.size === 0) return []
  return requests
    .filter(isAnsweredWhole)
    .flatMap((request) => request.ended?.event.response?.id ?? [])
    .filter((id) => !told.has(id))
    .map((id) => ({
      at: ended.at,
      message: `no chat span of run ${run} reports its response ${id}`,
      cause: 'response in no span',
    }))
}

function readUsage({ attributes }: SpanEnded): Usage | undefined {
  const [input, output] = [attributes['gen_ai.usage.input_tokens'], attributes['gen_ai.usage.output_tokens']]
  return typeof input === 'number' && typeof output === 'number' ? { input, output } : undefined
}

function findForeignUsage(ended: SpanEnded, served: readonly ServedResponse[]): WrongData | undefined {
  const usage = readUsage(ended)
  const id = ended.attributes['gen_ai.response.id']
  const own = served.filter((response) => response.id === id)
  const possible = (own.length > 0 ? own : served).flatMap((response) => response.usage ?? [])
  if (usage === undefined || possible.length === 0 || ended.status === 'ERROR') return undefined
  return possible.some((one) => one.input === usage.input && one.output === usage.output)
    ? undefined
    : {
        what: `reports ${formatUsage(usage)}, expected ${possible.map(formatUsage).join(' or ')} as ${own.length > 0 ? `response ${id}` : 'its responses'} used`,
        cause: 'tokens of a chat span',
      }
}

/**
 * Checks the total usage on a span. Runs with agents as tools are not checked, because no rule says whether their usage
 * counts.
 */
function findWrongTotal(ended: SpanEnded, story: RunRecord): WrongData | undefined {
  const usage = readUsage(ended)
  if (usage === undefined || readRunStatus(story) !== 'completed' || listNestedAgents(story).size > 0)
    return undefined
  const total = sumUsage(story)
  const stretches = [...listActivations(story), ...listAgentTurns(story)]
  const single = listResponses(story).flatMap((response) => response.usage ?? [])
  const totals = [story, ...stretches].flatMap((stretch) => [
    sumUsage(stretch),
    sumUsage(leaveOutVoid(stretch)),
  ])
  return [...totals, ...single].some((one) => one.input === usage.input && one.output === usage.output)
    ? undefined
    : {
        what: `reports ${formatUsage(usage)}, expected ${formatUsage(total)} as its run used`,
        cause: 'tokens of an invoke_agent span',
      }
}

/** Returns a stretch without the answers that failed or broke: a client may not have read the tokens that they used. */
function leaveOutVoid({ requests }: Pick<RunRecord, 'requests'>): Pick<RunRecord, 'requests'> {
  return { requests: requests.filter((request) => readFate(request) !== 'void') }
}

function sumUsage(stretch: Pick<RunRecord, 'requests'>): Usage {
  const used = listResponses(stretch).flatMap((response) => response.usage ?? [])
  return used.reduce((sum, one) => ({ input: sum.input + one.input, output: sum.output + one.output }), {
    input: 0,
    output: 0,
  })
}

function formatUsage({ input, output }: Usage): string {
  return `${input} + ${output} tokens`
}
