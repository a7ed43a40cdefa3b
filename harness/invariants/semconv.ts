import { isObject } from '../../mocks/json.ts'
import type { History, SpanEnded } from '../contract/events.ts'
import { listCalls } from '../history/activations.ts'
import { memoize } from '../history/projection.ts'
import {
  groupByRun,
  isAnsweredWhole,
  namesConversation,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import { canCheckSpans, listSpans, listTracedRuns, readOperation, type Span } from '../history/spans.ts'
import type { Plan } from '../plan/types.ts'
import { nameSpan } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

/** The conventions before they moved to a repository of their own. */
const CONVENTIONS = 'https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai'
const SOURCE = `${CONVENTIONS}/gen-ai-spans.md (inference, execute tool), ${CONVENTIONS}/gen-ai-agent-spans.md (invoke agent internal span)`
const ERRORS = 'https://opentelemetry.io/docs/specs/semconv/general/recording-errors/'

/** The attribute whose value follows the operation in the name of a span. */
const SUBJECTS: Readonly<Record<string, string>> = {
  chat: 'gen_ai.request.model',
  execute_tool: 'gen_ai.tool.name',
  invoke_agent: 'gen_ai.agent.name',
}

/**
 * The attributes that the conventions require of each operation, also those that are required when they are available,
 * such as the name of an agent. The provider of invoke_agent is only recommended, because later versions drop it.
 */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  chat: ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model'],
  execute_tool: ['gen_ai.operation.name', 'gen_ai.tool.name'],
  invoke_agent: ['gen_ai.operation.name', 'gen_ai.agent.name'],
}

const USAGE = ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens']

/** The attributes that the conventions recommend for an operation that succeeded. */
const RECOMMENDED: Readonly<Record<string, readonly string[]>> = {
  chat: ['gen_ai.response.id', 'gen_ai.response.model', 'gen_ai.response.finish_reasons', ...USAGE],
  execute_tool: ['gen_ai.tool.call.id'],
  invoke_agent: ['gen_ai.provider.name', 'gen_ai.response.finish_reasons', ...USAGE],
}

/** The kinds that the conventions give to the span of each operation. An agent may run at a service. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  chat: ['CLIENT'],
  execute_tool: ['INTERNAL'],
  invoke_agent: ['INTERNAL', 'CLIENT'],
}

export const spansHaveRequiredAttributes: Invariant = {
  id: 'spans-have-required-attributes',
  level: 'must',
  statement:
    'Every span has a name. GenAI spans have the attributes that the semantic conventions require: the operation, the provider and model of a request, the name of a tool or agent, and error.type if and only if the span failed.',
  source: `${SOURCE}, ${ERRORS}, https://opentelemetry.io/docs/specs/otel/trace/api/#span-creation (the span name is a required parameter)`,
  since: '0.1.0',
  needs: ['spans', 'semconv'],
  check: (history) => [
    ...listNamelessSpans(history).flatMap((span) => toViolations(span, [{ what: 'has no name' }])),
    ...listConventionalSpans(history).flatMap((span) => toViolations(span, listMissing(span))),
  ],
  countWitnesses: (history) => listConventionalSpans(history).length,
}

export const spansFollowSemconv: Invariant = {
  id: 'spans-follow-semconv',
  level: 'should',
  statement:
    'GenAI spans have the names, kinds and recommended attributes of the semantic conventions: response id, models, finish reasons and token usage, the id of a tool call, and the id of the conversation if the request names one. A successful span leaves its status unset.',
  source: `${SOURCE}, ${ERRORS}`,
  since: '0.1.0',
  needs: ['spans', 'semconv'],
  check(history) {
    const sound = indexSoundRuns(history)
    return listConventionalSpans(history).flatMap((span) => {
      const story = sound.get(span)
      return toViolations(span, [...listDeviations(span), ...(story ? listUnrecommended(span, story) : [])])
    })
  },
  countWitnesses: (history) => listConventionalSpans(history).length,
}

export const spanAttributesAreTrue: Invariant = {
  id: 'span-attributes-are-true',
  level: 'must',
  statement:
    'The model, agent, tool, tool call and conversation that a GenAI span names are those of its run. The id of a tool call is the call_id, and not the id of the item. The id of a response is no id of a conversation.',
  source: `${SOURCE}; https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ (gen_ai.conversation.id identifies the conversation, so that its messages can be found together; each response has another id); https://platform.openai.com/docs/api-reference/responses/object (a function call has an id and a call_id; its output names the call_id)`,
  since: '0.1.0',
  needs: ['spans', 'semconv'],
  check: (history, plan) =>
    listTracedSpans(history).flatMap(({ span, story }) =>
      toViolations(span, listUntrue(span.ended, story, plan)),
    ),
  countWitnesses: (history) => listTracedSpans(history).length,
}

/** What is wrong with a span. `cause`: the same without names and values, if it differs. */
interface Deviation {
  what: string
  cause?: string
}

function toViolations(span: Span, deviations: readonly Deviation[]): Violation[] {
  return deviations.map(({ what, cause = what }) => ({
    at: span.at,
    message: `span "${span.started.name}" ${what}`,
    cause: `${nameSpan(span)} span ${cause}`,
  }))
}

/** A span that has ended. */
type EndedSpan = Span & { ended: SpanEnded }

function isConventional(span: Span): span is EndedSpan {
  return span.ended !== undefined && SUBJECTS[readOperation(span)] !== undefined
}

function listConventionalSpans(history: History): EndedSpan[] {
  return canCheckSpans(history) ? listSpans(history).filter(isConventional) : []
}

/** Returns the spans that had no name, or a name that is not a text, at their start or at their end. */
function listNamelessSpans(history: History): Span[] {
  if (!canCheckSpans(history)) return []
  return listSpans(history).filter(({ started, ended }) => started.name === '' || ended?.name === '')
}

function listMissing(span: EndedSpan): Deviation[] {
  const { attributes, status } = span.ended
  const failed = status === 'ERROR'
  const required = REQUIRED[readOperation(span)] ?? []
  return [
    ...required.filter((key) => typeof attributes[key] !== 'string').map((key) => ({ what: `lacks ${key}` })),
    ...(failed && attributes['error.type'] === undefined ? [{ what: 'failed without error.type' }] : []),
    ...(!failed && attributes['error.type'] !== undefined
      ? [{ what: 'has error.type but did not fail' }]
      : []),
  ]
}

function listDeviations(span: EndedSpan): Deviation[] {
  const { attributes, status, name } = span.ended
  const { spanKind } = span.started
  const operation = readOperation(span)
  const named = attributes[SUBJECTS[operation] ?? '']
  const expected = typeof named === 'string' ? `${operation} ${named}` : operation
  const kinds = KINDS[operation] ?? []
  return [
    ...(name === expected || name.startsWith(`${expected} `)
      ? []
      : [{ what: `has the wrong name, expected "${expected}"`, cause: 'has the wrong name' }]),
    ...(status === 'OK' ? [{ what: 'has the status OK, expected UNSET' }] : []),
    ...(spanKind === undefined || kinds.includes(spanKind)
      ? []
      : [{ what: `has the kind ${spanKind}, expected ${kinds.join(' or ')}` }]),
  ]
}

/** Returns the spans of runs that completed after whole answers, with their runs. A span that failed may know less. */
function indexSoundRuns(history: History): ReadonlyMap<Span, RunRecord> {
  const sound = listTracedRuns(history).filter(
    ({ story }) =>
      readRunStatus(story) === 'completed' &&
      story.stopped === undefined &&
      story.requests.every(isToldWhole),
  )
  return new Map(
    sound.flatMap(({ spans, story }) =>
      spans.filter(({ ended }) => ended?.status !== 'ERROR').map((span): [Span, RunRecord] => [span, story]),
    ),
  )
}

/** Returns whether an answer arrived whole, with the tokens that it used. */
function isToldWhole(request: RequestRecord): boolean {
  return isAnsweredWhole(request) && request.ended?.event.response?.usage !== undefined
}

function listUnrecommended(span: EndedSpan, story: RunRecord): Deviation[] {
  const operation = readOperation(span)
  const recommended = RECOMMENDED[operation] ?? []
  const isInConversation = operation === 'chat' && story.requests.every(namesConversation)
  return [...recommended, ...(isInConversation ? ['gen_ai.conversation.id'] : [])]
    .filter((key) => isAbsent(span.ended.attributes[key]))
    .map((key) => ({ what: `lacks the recommended ${key}` }))
}

/** Returns whether a value says nothing. A list without an entry, such as a list of finish reasons, says nothing. */
function isAbsent(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0)
}

/** Returns the GenAI spans of known runs, each with its run. */
function listTracedSpans(history: History): { span: EndedSpan; story: RunRecord }[] {
  if (!canCheckSpans(history)) return []
  // A request that no run can be found for may be the one that a span names.
  if (groupByRun(history).requests.some(({ asked }) => asked.run === null)) return []
  // The calls of an answer that was cut off are not all known.
  return listTracedRuns(history).flatMap(({ story, spans }) =>
    story.requests.length === 0 || !story.requests.every(isAnsweredWhole)
      ? []
      : spans.filter(isConventional).map((span) => ({ span, story })),
  )
}

function listUntrue({ attributes }: SpanEnded, story: RunRecord, plan: Plan): Deviation[] {
  const known = { ...listKnownValues(story), 'gen_ai.agent.name': new Set(plan.team.map(({ name }) => name)) }
  const wrong = Object.entries(known).flatMap(
    ([key, values]: [string, ReadonlySet<unknown>]): Deviation[] => {
      const found = attributes[key]
      if (typeof found !== 'string' || values.size === 0 || values.has(found)) return []
      return [{ what: `has ${key} "${found}", which its run does not know`, cause: `has a wrong ${key}` }]
    },
  )
  return [...wrong, ...checkConversation(attributes['gen_ai.conversation.id'], listServiceIds(story))]
}

/** Checks an id of a conversation. An id that the service never saw may be the application's own. */
function checkConversation(id: unknown, { responses, conversations }: ServiceIds): Deviation[] {
  const told = `has gen_ai.conversation.id "${id}"`
  if (responses.has(id))
    return [
      { what: `${told}, which is the id of a response`, cause: 'has a response as gen_ai.conversation.id' },
    ]
  const isOfService = typeof id === 'string' && id.startsWith('conv_')
  if (!isOfService || conversations.size === 0 || conversations.has(id)) return []
  const what = `${told}, but the requests of its run name ${[...conversations].join(' and ')}`
  return [{ what, cause: 'has a wrong gen_ai.conversation.id' }]
}

/** The ids that the requests of a run name or are answered with. */
interface ServiceIds {
  responses: ReadonlySet<unknown>
  conversations: ReadonlySet<unknown>
}

const listServiceIds = memoize(({ requests }: RunRecord): ServiceIds => {
  const bodies = requests.map(({ asked }) => asked.body)
  const answers = requests.flatMap(({ ended }) => ended?.event.response ?? [])
  const named = bodies.map(({ conversation }) => (isObject(conversation) ? conversation['id'] : conversation))
  return {
    responses: new Set(
      [...bodies.map((body) => body['previous_response_id']), ...answers.map(({ id }) => id)].filter(
        (id) => typeof id === 'string',
      ),
    ),
    conversations: new Set(named.filter((id) => typeof id === 'string')),
  }
})

/** Returns the models, tools and calls of a run, by the attribute that names them. */
const listKnownValues = memoize(({ requests }: RunRecord): Record<string, ReadonlySet<unknown>> => {
  const calls = requests.flatMap(listCalls)
  return {
    'gen_ai.request.model': new Set(requests.map(({ asked }) => asked.body['model'])),
    'gen_ai.tool.name': new Set(calls.map(({ name }) => name)),
    'gen_ai.tool.call.id': new Set(calls.map(({ call_id: id }) => id)),
  }
})
