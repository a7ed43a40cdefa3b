import type { History } from '../contract/events.ts'
import { listCalls } from '../history/activations.ts'
import {
  canCheckSpans,
  hasSabotage,
  listTracedRuns,
  readOperation,
  type Span,
  type TracedRun,
} from '../history/spans.ts'
import type { Invariant, Violation } from './types.ts'

const ROUND = 'gen_ai.react.round'
const SOURCE =
  'https://github.com/alibaba/loongsuite-python-agent/pull/184 (each agent span owns exactly its own steps, requests and tools; calls of other runs inflated the round counter)'

export const stepsHoldTheirTools: Invariant = {
  id: 'steps-hold-their-tools',
  // Upstream shows the spans below one agent span, and says nothing of their order below it.
  level: 'should',
  statement:
    'If a run has react spans, each execute_tool span is below a react span, and below the same one as the chat span whose answer had the call.',
  source: SOURCE,
  since: '0.1.0',
  needs: ['spans'],
  check: (history) =>
    listSteppedRuns(history).flatMap(({ story, spans }) => {
      const findStep = indexSteps(spans)
      const stepOfCall = indexStepsOfCalls({ story, spans }, findStep)
      return spans.filter(isTool).flatMap((span): Violation[] => {
        const step = findStep(span)
        const named = `span "${span.started.name}" of run ${story.run}`
        if (step === undefined)
          return [
            {
              at: span.at,
              message: `${named} is below no react span`,
              cause: 'tool span below no react span',
            },
          ]
        const expected = stepOfCall.get(span.ended?.attributes['gen_ai.tool.call.id'])
        if (expected === undefined || expected === step) return []
        const message = `${named} is below the react span of another round than the request that called it`
        return [{ at: span.at, message, cause: 'tool span below the react span of another round' }]
      })
    }),
  countWitnesses: (history) => listSteppedRuns(history).flatMap(({ spans }) => spans.filter(isTool)).length,
}

export const stepsAreNumbered: Invariant = {
  id: 'steps-are-numbered',
  level: 'should',
  statement: 'If the react spans of an agent in a run have gen_ai.react.round, they count the rounds from 1.',
  source: `${SOURCE}; https://github.com/alibaba/loongsuite-python-agent (opentelemetry.util.genai.extended_types, ReactStepInvocation: gen_ai.react.round, 1-based)`,
  since: '0.1.0',
  needs: ['spans'],
  check: (history) =>
    listSteppedRuns(history).flatMap(({ story, spans }) =>
      listNumberedSteps(spans).flatMap((steps) => {
        const wrong = findWrongRound(steps)
        if (wrong === undefined) return []
        const told = steps.map(readRound)
        const message = `the react spans of run ${story.run} have the rounds ${told.join(', ')}, expected ${steps.map((_, nth) => nth + 1).join(', ')}`
        return [{ at: wrong.at, message, cause: 'react span with a wrong round' }]
      }),
    ),
  countWitnesses: (history) =>
    listSteppedRuns(history).flatMap(({ spans }) => listNumberedSteps(spans)).length,
}

/** Returns the runs with react spans, if the plan disturbed no part of the telemetry, and no hook of a step. */
function listSteppedRuns(history: History): TracedRun[] {
  if (!canCheckSpans(history) || hasSabotage(history)) return []
  return listTracedRuns(history).filter(({ spans }) => spans.some(isStep))
}

function isStep(span: Span): boolean {
  return readOperation(span) === 'react'
}

function isTool(span: Span): boolean {
  return readOperation(span) === 'execute_tool'
}

/** Returns a function that finds the next span above a span that `isWanted`. */
function indexAncestors(spans: readonly Span[], isWanted: (span: Span) => boolean) {
  const known = new Map(spans.map((span) => [span.started.span, span]))
  const found = new Map<Span, Span | undefined>()
  // Spans are listed in the order in which they started, so a parent comes before its children.
  for (const span of spans) {
    const parent = known.get(span.started.parent ?? '')
    found.set(span, parent !== undefined && isWanted(parent) ? parent : parent && found.get(parent))
  }
  return (span: Span) => found.get(span)
}

function indexSteps(spans: readonly Span[]) {
  return indexAncestors(spans, isStep)
}

/** Returns the react span of each call: the one above the chat span of the answer that had the call. */
function indexStepsOfCalls(
  { story, spans }: TracedRun,
  findStep: (span: Span) => Span | undefined,
): Map<unknown, Span | undefined> {
  const chats = spans.filter((span) => readOperation(span) === 'chat')
  const steps = new Map<unknown, Span | undefined>()
  for (const request of story.requests) {
    const answer = request.ended?.event.response?.id
    const chat = answer && chats.find(({ ended }) => ended?.attributes['gen_ai.response.id'] === answer)
    // Two calls with one id cannot be told apart.
    for (const { call_id: id } of listCalls(request))
      steps.set(id, steps.has(id) || !chat ? undefined : findStep(chat))
  }
  return steps
}

/** Returns the react spans of a run in a list for each agent span, or in one list if they count through the whole run. */
function listNumberedSteps(spans: readonly Span[]): Span[][] {
  const steps = spans.filter(isStep)
  if (steps.some((step) => readRound(step) === undefined)) return []
  if (findWrongRound(steps) === undefined) return [steps]
  const findAgent = indexAncestors(spans, (span) => readOperation(span) === 'invoke_agent')
  return [...Map.groupBy(steps, findAgent).values()]
}

function findWrongRound(steps: readonly Span[]): Span | undefined {
  return steps.find((step, nth) => readRound(step) !== nth + 1)
}

function readRound({ ended }: Span): unknown {
  return ended?.attributes[ROUND]
}
