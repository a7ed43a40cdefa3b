import { z } from 'zod'
import { isJson, type Json } from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { listSpans, listTracedRuns, readTelemetrySetting, type Span } from '../history/spans.ts'
import { nameSpan } from './causes.ts'
import type { Invariant } from './types.ts'

const CONVENTIONS = 'https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai'

export const messagesFollowSchema: Invariant = {
  id: 'messages-follow-schema',
  level: 'must',
  statement:
    'If sensitive data is switched on, gen_ai.input.messages, gen_ai.output.messages and gen_ai.system_instructions follow the JSON schemas of the semantic conventions, as JSON or as structured values.',
  source: `${CONVENTIONS}/gen-ai-spans.md (instrumentations MUST follow the JSON schema), ${CONVENTIONS}/gen-ai-input-messages.json, ${CONVENTIONS}/gen-ai-output-messages.json, ${CONVENTIONS}/gen-ai-system-instructions.json`,
  since: '0.1.0',
  needs: ['spans', 'semconv', 'content'],
  check: (history) =>
    listMessageAttributes(history).flatMap(({ span, key, schema, value }) => {
      const breach = findBreach(schema, value)
      if (breach === undefined) return []
      return [
        {
          at: span.at,
          message: `span "${span.started.name}" has ${key} that breaks its schema: ${breach.what}`,
          cause: `${nameSpan(span)} span, ${key}, ${breach.cause}`,
        },
      ]
    }),
  countWitnesses: (history) => listMessageAttributes(history).length,
}

/**
 * The part types that the schemas name. A part of another type needs only its `type`. A validator also accepts a named type
 * without its fields, because the schemas allow any part with a type. The rule is stricter there, as the schemas mean it.
 */
const PARTS: Readonly<Record<string, z.ZodType>> = {
  text: z.looseObject({ content: z.string() }),
  reasoning: z.looseObject({ content: z.string() }),
  tool_call: z.looseObject({ id: z.string().nullish(), name: z.string() }),
  tool_call_response: z
    .looseObject({ id: z.string().nullish() })
    // Drafts of the schema before version 1.37 say `result`.
    .refine((part) => 'response' in part || 'result' in part, { error: 'no response', path: ['response'] }),
  server_tool_call: z.looseObject({
    id: z.string().nullish(),
    name: z.string(),
    server_tool_call: z.looseObject({ type: z.string() }),
  }),
  server_tool_call_response: z.looseObject({
    id: z.string().nullish(),
    server_tool_call_response: z.looseObject({ type: z.string() }),
  }),
  blob: z.looseObject({ mime_type: z.string().nullish(), modality: z.string(), content: z.string() }),
  file: z.looseObject({ mime_type: z.string().nullish(), modality: z.string(), file_id: z.string() }),
  uri: z.looseObject({ mime_type: z.string().nullish(), modality: z.string(), uri: z.string() }),
}

/** A word that says what something is. The schemas allow any text, but an empty one says nothing. */
const word = z.string().min(1, { error: 'found an empty text' })

const partSchema = z.looseObject({ type: word }).superRefine((part, context) => {
  const { error } = PARTS[part.type]?.safeParse(part) ?? {}
  for (const issue of error?.issues ?? [])
    context.addIssue({ code: 'custom', path: [part.type, ...issue.path], message: issue.message })
})

const messageSchema = z.looseObject({
  role: word,
  parts: z.array(partSchema),
  name: z.string().nullish(),
})

/** The schema of each attribute. The schemas allow additional properties. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'gen_ai.input.messages': z.array(messageSchema),
  'gen_ai.output.messages': z.array(messageSchema.extend({ finish_reason: z.string() })),
  'gen_ai.system_instructions': z.array(partSchema),
}

/** In a run that its consumer stopped, a part of an answer may have no finish reason. */
const SCHEMAS_OF_STOPPED: typeof SCHEMAS = { ...SCHEMAS, 'gen_ai.output.messages': z.array(messageSchema) }

/** An attribute that holds messages or instructions. */
interface MessageAttribute {
  span: Span
  key: string
  schema: z.ZodType
  value: Json
}

/** Returns the attributes of messages, if sensitive data was switched on at any time. They need not be there at other times. */
function listMessageAttributes(history: History): MessageAttribute[] {
  const wasSensitive = history.some((event) => event.kind === 'mode' && event.to === 'sensitive')
  if (!wasSensitive || readTelemetrySetting(history).sabotaged) return []
  const stopped = new Set(
    listTracedRuns(history).flatMap(({ story, spans }) => (story.stopped === undefined ? [] : spans)),
  )
  return listSpans(history).flatMap((span) =>
    Object.entries(stopped.has(span) ? SCHEMAS_OF_STOPPED : SCHEMAS).flatMap(([key, schema]) => {
      const value = span.ended?.attributes[key]
      return value === undefined ? [] : [{ span, key, schema, value }]
    }),
  )
}

/** Returns where a value breaks a schema. The cause has the names of the place, without its numbers. */
function findBreach(schema: z.ZodType, value: Json): { what: string; cause: string } | undefined {
  if (typeof value === 'string' && !isJson(value)) return { what: 'found no JSON', cause: 'no JSON' }
  const { error } = schema.safeParse(typeof value === 'string' ? JSON.parse(value) : value)
  const [issue] = error?.issues ?? []
  if (issue === undefined) return undefined
  const names = issue.path.filter((step) => typeof step === 'string')
  const what = `${issue.message} at ${issue.path.length === 0 ? 'the top' : issue.path.join('.')}`
  return { what, cause: names.length === 0 ? 'wrong type' : `wrong ${names.join('.')}` }
}
