import { isJson, type Json, type JsonObject } from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { hasRefusal } from '../history/items.ts'
import { hasBrokenStream, type RequestRecord, type RunRecord } from '../history/runs.ts'
import { canCheckSpans, listTracedRuns, readOperation, type Span } from '../history/spans.ts'
import { nameSpan } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

const REASONS = 'gen_ai.response.finish_reasons'

export const finishReasonsAreTrue: Invariant = {
  id: 'finish-reasons-are-true',
  level: 'must',
  statement:
    'The finish reasons of a chat span do not contradict its answer. A complete answer was not cut off or filtered. An incomplete answer did not just stop, and length and filter are not confused. An answer without a call did not end with a call.',
  source:
    'https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md (gen_ai.response.finish_reasons: the reasons the model stopped generating tokens); https://platform.openai.com/docs/api-reference/responses/object (status, incomplete_details.reason)',
  since: '0.1.0',
  needs: ['spans'],
  check: (history) =>
    listReasonedSpans(history).flatMap(({ span, reasons, answers }): Violation[] => {
      const contradictions = answers.map((answer) => findContradiction(reasons, answer))
      const [first] = contradictions
      // A span without the id of its answer may be about any answer of its run.
      if (first === undefined || contradictions.includes(undefined)) return []
      return [
        {
          at: span.at,
          message: `span "${span.started.name}" has the finish reasons ${reasons.join(', ')}, but its answer ${first}`,
          cause: `${nameSpan(span)} span, answer ${first}`,
        },
      ]
    }),
  countWitnesses: (history) => listReasonedSpans(history).length,
}

/** A chat span with finish reasons, and the answers that it may be about. */
interface ReasonedSpan {
  span: Span
  /** The finish reasons in lower case, with underscores between words. */
  reasons: string[]
  answers: RequestRecord[]
}

/** Returns the chat spans that have finish reasons and an answer. A run that was stopped may not have read its answers. */
function listReasonedSpans(history: History): ReasonedSpan[] {
  if (!canCheckSpans(history)) return []
  return listTracedRuns(history).flatMap(({ story, spans }) =>
    story.stopped === undefined
      ? spans.filter((span) => readOperation(span) === 'chat').flatMap((span) => readReasons(span, story))
      : [],
  )
}

function readReasons(span: Span, story: RunRecord): ReasonedSpan[] {
  const { ended } = span
  if (ended === undefined || ended.status === 'ERROR') return []
  const reasons = listWords(ended.attributes[REASONS])
  const served = story.requests.filter((request) => request.ended?.event.response)
  const id = ended.attributes['gen_ai.response.id']
  const own = served.filter((request) => request.ended?.event.response?.id === id)
  // A span without an id may be about an answer that was cut off, too.
  const any = served.length === story.requests.length ? served : []
  const answers = own.length > 0 ? own : any
  return reasons.length === 0 || answers.length === 0 ? [] : [{ span, reasons, answers }]
}

/** Returns the words of a text, a list of texts, or such a list as JSON. */
function listWords(told: Json | undefined): string[] {
  if (typeof told !== 'string') return Array.isArray(told) ? told.flatMap(listWords) : []
  if (told.startsWith('[') && isJson(told)) return listWords(JSON.parse(told) as Json)
  return [told.toLowerCase().replaceAll(/[\s-]+/g, '_')]
}

/** Words for an answer that was cut off. */
const CUT_OFF: ReadonlySet<string> = new Set(['length', 'max_tokens', 'max_output_tokens'])

/** Words for an answer that ended with a call. */
const CALLED: ReadonlySet<string> = new Set(['tool_call', 'tool_calls', 'function_call', 'function_calls'])

/** Returns what an answer did that the finish reasons deny. Unknown words deny nothing: runtimes may use words of their own. */
function findContradiction(reasons: readonly string[], request: RequestRecord): string | undefined {
  const { how, response } = request.ended?.event ?? {}
  if ((how !== 'completed' && how !== 'incomplete') || hasBrokenStream(request)) return undefined
  const output = response?.output ?? []
  if (how === 'incomplete' && reasons.every((reason) => reason === 'stop')) return 'is incomplete'
  const why = response?.incompleteReason
  if (why === 'max_output_tokens' && reasons.every((reason) => reason === 'content_filter'))
    return 'was cut off, not filtered'
  if (why === 'content_filter' && reasons.every((reason) => CUT_OFF.has(reason)))
    return 'was filtered, not cut off'
  if (how === 'completed' && reasons.some((reason) => CUT_OFF.has(reason))) return 'was not cut off'
  // A runtime may take a refusal of the model for a filter.
  if (how === 'completed' && reasons.includes('content_filter') && !output.some(hasRefusal))
    return 'was not filtered'
  return reasons.some((reason) => CALLED.has(reason)) && !output.some(isCall) ? 'has no call' : undefined
}

function isCall({ type }: JsonObject): boolean {
  return typeof type === 'string' && type.endsWith('_call')
}
