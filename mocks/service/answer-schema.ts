import { z } from 'zod'
import { isJson, type Json } from '../json.ts'
import type { Answer, Fault, Item, Wire } from './types.ts'

const at = z.int().min(0).max(100_000)
const text = z.string().max(1_000_000)

const item: z.ZodType<Item> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['text', 'refusal']), text }),
  z.strictObject({ type: z.literal('reasoning'), summary: z.array(text), encrypted: z.boolean() }),
  z.strictObject({ type: z.literal('call'), tool: z.string().min(1), args: z.json() as z.ZodType<Json> }),
  z.strictObject({ type: z.literal('handoff'), to: z.string().min(1) }),
])

/** Garbage must be garbage: not empty, no JSON, not the sentinel that clients take for the end. */
const garbage = text.refine((data) => data !== '' && !data.startsWith('[DONE]') && !isJson(data), {
  error: 'expected text that is not empty, is no JSON and does not begin with [DONE]',
})

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http'),
    status: z.int().min(400).max(599),
    code: z.string().optional(),
    headers: z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[\x20-\x7e]*$/)).optional(),
  }),
  z.strictObject({ kind: z.literal('refuse-connection') }),
  z.strictObject({ kind: z.literal('error-event'), at, form: z.enum(['nested', 'flat']), code: z.string() }),
  z.strictObject({ kind: z.literal('failed'), at, code: z.string() }),
  z.strictObject({ kind: z.literal('incomplete'), at, reason: z.string() }),
  z.strictObject({ kind: z.enum(['eof', 'reset', 'stall']), at }),
  z.strictObject({ kind: z.literal('garbage'), at, data: garbage }),
]) as z.ZodType<Fault>

const wire = z.strictObject({
  chunk: z.int().min(1).optional(),
  eol: z.enum(['lf', 'crlf']).optional(),
  comments: z.literal(true).optional(),
  done: z.literal(true).optional(),
  unknown: z.literal(true).optional(),
  noSequence: z.literal(true).optional(),
  obfuscation: z.literal(true).optional(),
}) as z.ZodType<Wire>

/** An answer that came from outside: a plan, a script file, the admin interface. */
export const answerSchema = z.strictObject({
  agent: z.string().optional(),
  items: z.array(item).max(1_000),
  faults: z.array(faultSchema).max(1_000).optional(),
  always: z.literal(true).optional(),
  wire: wire.optional(),
}) as z.ZodType<Answer>

/** A list of answers, as a script file or the admin interface gives it. */
export const answersSchema = z.array(answerSchema).max(10_000)

/** What is wrong with a value, one line: the place, and what was expected there. */
export function problemOf(error: z.ZodError): string {
  const [issue] = error.issues
  const place = issue?.path.map(String).join('.') || 'the value'
  return `${place}: ${issue?.message ?? 'not an answer'}`
}
