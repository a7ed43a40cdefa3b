import { canCheckSpans, listSpans, readOperation, type Span } from '../history/spans.ts'
import { nameSpan } from './causes.ts'
import type { Invariant } from './types.ts'

/** The attribute whose value follows the operation in the name of a span. */
const SUBJECTS: Readonly<Record<string, string>> = {
  chat: 'gen_ai.request.model',
  execute_tool: 'gen_ai.tool.name',
  invoke_agent: 'gen_ai.agent.name',
}

export const spansFollowSemconv: Invariant = {
  id: 'spans-follow-semconv',
  level: 'should',
  statement:
    'GenAI spans have the names and required attributes of the semantic conventions. A failed span has error.type; a successful span has no error.type and leaves its status unset.',
  source:
    'https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md, https://github.com/open-telemetry/semantic-conventions-genai/blob/55a32cddb97d99cec08d5ee081e74206a0636041/docs/gen-ai/gen-ai-agent-spans.md (invoke agent internal span), https://opentelemetry.io/docs/specs/semconv/general/recording-errors/',
  since: '0.1.0',
  needs: ['spans', 'semconv'],
  check(history) {
    if (!canCheckSpans(history)) return []
    return listSpans(history).flatMap((span) =>
      listDeviations(span).map(({ what, cause = what }) => ({
        at: span.at,
        message: `span "${span.started.name}" ${what}`,
        cause: `${nameSpan(span)} span ${cause}`,
      })),
    )
  },
  countWitnesses: (history) =>
    canCheckSpans(history)
      ? listSpans(history).filter(
          (span) => span.ended !== undefined && SUBJECTS[readOperation(span)] !== undefined,
        ).length
      : 0,
}

/** Returns what is wrong with a span. `cause`: the same without names, if it differs. */
function listDeviations(span: Span): { what: string; cause?: string }[] {
  const { ended } = span
  const operation = readOperation(span)
  const subject = SUBJECTS[operation]
  if (ended === undefined || subject === undefined) return []
  const { attributes, status, name } = ended
  const named = attributes[subject]
  const expected = typeof named === 'string' ? `${operation} ${named}` : operation
  const failed = status === 'ERROR'
  // Agents and tools run in the process, so their spans have no provider.
  const required = ['gen_ai.operation.name', ...(operation === 'chat' ? ['gen_ai.provider.name'] : [])]
  return [
    ...(name === expected || name.startsWith(`${expected} `)
      ? []
      : [{ what: `has the wrong name, expected "${expected}"`, cause: 'has the wrong name' }]),
    ...required.filter((key) => typeof attributes[key] !== 'string').map((key) => ({ what: `lacks ${key}` })),
    ...(failed && attributes['error.type'] === undefined ? [{ what: 'failed without error.type' }] : []),
    ...(!failed && attributes['error.type'] !== undefined
      ? [{ what: 'has error.type but did not fail' }]
      : []),
    ...(status === 'OK' ? [{ what: 'has the status OK, expected UNSET' }] : []),
  ]
}
