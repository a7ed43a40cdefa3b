import { z } from 'zod'
import { isJson, type Json } from '../json.ts'
import type { Answer, Fault, HostedItem, Item, ScriptedAnswer, Wire } from './types.ts'

const at = z.int().min(0).max(100_000)
const text = z.string().max(1_000_000)

const sameMessage = z.literal(true).optional()

const itemFields = {
  text: { text, sameMessage },
  refusal: { text, sameMessage },
  reasoning: { summary: z.array(text), encrypted: z.boolean() },
  call: {
    tool: z.string().min(1),
    args: z.json() as z.ZodType<Json>,
    wrong: z.enum(['name', 'arguments']).optional(),
  },
  handoff: { to: z.string().min(1) },
} satisfies Record<Item['type'], z.ZodRawShape>

const item = unionByKind('type', itemFields) as z.ZodType<Item>

const name = z.string().min(1).max(1_000)
const texts = z.array(text).max(1_000)
const args = z.json() as z.ZodType<Json>

const hostedFields = {
  web_search: { query: text },
  file_search: {
    queries: texts,
    results: z
      .array(z.strictObject({ file: name, text, score: z.number().min(0).max(1) }))
      .max(1_000)
      .optional(),
  },
  code_interpreter: { code: text, logs: text.optional() },
  mcp: { server: name, tool: name, args, output: text.optional(), error: text.optional() },
  mcp_list_tools: { server: name, tools: z.array(name).max(1_000) },
  image_generation: { result: z.base64().max(1_000_000) },
  custom: { tool: name, input: text },
  shell: { commands: texts },
  apply_patch: { path: name, diff: text.optional(), isNew: z.literal(true).optional() },
  tool_search: { args, finds: z.array(name).max(1_000).optional() },
  compaction: {},
} satisfies Record<HostedItem['type'], z.ZodRawShape>

const scriptedItem = unionByKind('type', { ...itemFields, ...hostedFields }) as z.ZodType<Item | HostedItem>

/** Garbage is a text that is not empty, is not JSON and is not the end mark [DONE]. */
const garbage = text.refine((data) => data !== '' && !data.startsWith('[DONE]') && !isJson(data), {
  error: 'expected text that is not empty, is no JSON and does not begin with [DONE]',
})

const faultFields = {
  http: {
    status: z.int().min(400).max(599),
    code: z.string().optional(),
    headers: z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[\x20-\x7e]*$/)).optional(),
  },
  'refuse-connection': {},
  'error-event': { at, form: z.enum(['nested', 'flat']), code: z.string() },
  failed: { at, code: z.string() },
  incomplete: { at, reason: z.string() },
  eof: { at },
  reset: { at },
  stall: { at },
  garbage: { at, data: garbage },
} satisfies Record<Fault['kind'], z.ZodRawShape>

const faultSchema = unionByKind('kind', faultFields) as z.ZodType<Fault>

/** Returns the schema of an object with the fields of one kind. `key` holds the name of the kind. */
function unionByKind(key: string, fields: Readonly<Record<string, z.ZodRawShape>>): z.ZodType {
  const shapes = Object.entries(fields).map(([kind, held]) =>
    z.strictObject({ [key]: z.literal(kind), ...held }),
  )
  return z.discriminatedUnion(key, shapes as [z.ZodObject, ...z.ZodObject[]])
}

const wire = z.strictObject({
  chunk: z.int().min(1).optional(),
  eol: z.enum(['lf', 'crlf']).optional(),
  comments: z.literal(true).optional(),
  done: z.literal(true).optional(),
  unknown: z.literal(true).optional(),
  noSequence: z.literal(true).optional(),
  obfuscation: z.literal(true).optional(),
} satisfies Record<keyof Wire, z.ZodType>) as z.ZodType<Wire>

const answer = z.strictObject({
  agent: z.string().optional(),
  items: z.array(item).max(1_000),
  faults: z.array(faultSchema).max(1_000).optional(),
  always: z.literal(true).optional(),
  wire: wire.optional(),
})

/** The schema of an answer from a plan. */
export const answerSchema = answer as z.ZodType<Answer>

/** The schema of an answer from a script file or the admin interface. */
export const scriptedAnswerSchema = answer.extend({
  items: z.array(scriptedItem).max(1_000),
}) as z.ZodType<ScriptedAnswer>

/** The schema of a list of answers from a script file or the admin interface. */
export const answersSchema = z.array(scriptedAnswerSchema).max(10_000)

/** Returns what is wrong with a value in one line: the place and what was expected there. */
export function describeProblem(error: z.ZodError): string {
  const [issue] = error.issues
  const place = issue?.path.map(String).join('.') || 'the value'
  return `${place}: ${issue?.message ?? 'not an answer'}`
}
