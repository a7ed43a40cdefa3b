import { z } from 'zod'
import type { Json, JsonObject } from '../../mocks/json.ts'
import { capabilities } from '../contract/capabilities.ts'
import { hookNames, pullNames, sessionModes, telemetryModes } from '../plan/schema.ts'

/** The version of the protocol. A driver with another version is refused. */
export const PROTOCOL = 1

const json = z.json() as z.ZodType<Json>
const object = z.record(z.string(), json) as z.ZodType<JsonObject>
const run = z.string()
const number = z.int().min(0)
const hookName = z.enum(hookNames)
const kept = { context: z.enum(['kept', 'changed']), span: z.enum(['kept', 'changed']) }

const oneError = z.object({
  name: z.string(),
  message: z.string(),
  status: z.number().optional(),
  code: z.string().optional(),
})

/** `causes`: the errors that it wraps, the outermost first. */
const error = oneError.extend({ causes: z.array(oneError).max(8).optional() })

/** Messages from the harness to a driver, one JSON object per line. */
export const toDriver = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), protocol: number }),
  z.strictObject({
    type: z.literal('open'),
    seed: z.string(),
    team: z.array(object),
    flow: object.optional(),
    baseURL: z.string(),
    apiKey: z.string(),
    mode: object,
  }),
  z.strictObject({
    type: z.literal('start'),
    run,
    conversation: number,
    turn: number,
    input: z.string(),
    stream: z.boolean(),
    session: z.enum(sessionModes),
    store: z.boolean(),
    target: z.enum(['same', 'fresh-workflow']),
    limit: number.optional(),
    adds: z.string().optional(),
    cleanups: z.literal(2).optional(),
    as: z.enum(['task', 'thread']),
    pull: z.enum(pullNames),
    breaks: z.strictObject({ hook: hookName, nth: number }).optional(),
  }),
  z.strictObject({ type: z.literal('pull'), run, most: number.optional() }),
  z.strictObject({ type: z.literal('outcome'), run }),
  z.strictObject({ type: z.literal('stop'), run }),
  z.strictObject({ type: z.literal('drop'), run }),
  z.strictObject({ type: z.literal('abort'), run }),
  z.strictObject({
    type: z.literal('tool.result'),
    call: number,
    value: json.optional(),
    error: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('tool.shield'), call: number }),
  z.strictObject({ type: z.literal('mode'), to: z.enum(telemetryModes) }),
  z.strictObject({ type: z.literal('quiet'), number }),
  z.strictObject({ type: z.literal('advance'), by: z.number() }),
  z.strictObject({ type: z.literal('close') }),
])
export type ToDriver = z.infer<typeof toDriver>

const update = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('item'), type: z.string(), id: z.string().optional() }),
  z.strictObject({ kind: z.literal('other'), type: z.string() }),
])

const outcome = z.strictObject({
  status: z.enum(['completed', 'incomplete', 'failed', 'stopped']),
  text: z.string(),
  agent: z.string().optional(),
  usage: z.strictObject({ input: z.number(), output: z.number() }).optional(),
  error: error.optional(),
  transcript: z.array(z.strictObject({ author: z.string(), text: z.string() })).optional(),
})

/** Messages from a driver to the harness, one JSON object per line. */
export const fromDriver = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    protocol: z.literal(PROTOCOL),
    name: z.string().min(1),
    version: z.string(),
    // Unknown words are refused with the nearest known ones when the runtime is loaded.
    supports: z.array(z.string().meta({ enum: [...capabilities] })),
    hooks: z.record(
      z.string(),
      z.strictObject({
        means: z.string().meta({ enum: [...hookNames] }),
        docs: z.string(),
        caught: z.literal(true).optional(),
        afterIncomplete: z.literal(true).optional(),
      }),
    ),
    retries: z.strictObject({ most: number, docs: z.string() }).optional(),
  }),
  z.strictObject({ type: z.literal('opened') }),
  z.strictObject({ type: z.literal('update'), run, update, ...kept }),
  z.strictObject({ type: z.literal('end'), run, error: error.optional(), ...kept }),
  z.strictObject({ type: z.literal('outcome'), run, outcome }),
  z.strictObject({
    type: z.literal('hook'),
    run: run.nullable(),
    agent: z.string().optional(),
    name: hookName,
    second: z.literal(true).optional(),
    threw: z.literal(true).optional(),
  }),
  z.strictObject({ type: z.literal('handoff'), run, from: z.string(), to: z.string() }),
  z.strictObject({
    type: z.literal('tool.call'),
    call: number,
    run: run.nullable(),
    id: z.string().optional(),
    name: z.string(),
    agent: z.string().optional(),
    args: json,
    cancellable: z.literal(true).optional(),
  }),
  z.strictObject({ type: z.literal('tool.cancel'), call: number }),
  z.strictObject({
    type: z.literal('span.start'),
    span: z.string(),
    parent: z.string().optional(),
    name: z.string(),
    spanKind: z.enum(['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']).optional(),
  }),
  z.strictObject({
    type: z.literal('span.late'),
    span: z.string(),
    name: z.string(),
    set: z.enum(['attribute', 'event', 'link', 'status', 'name', 'end']),
  }),
  z.strictObject({
    type: z.literal('span.end'),
    span: z.string(),
    name: z.string(),
    attributes: object,
    status: z.enum(['UNSET', 'OK', 'ERROR']),
    error: z.string().optional(),
    events: z.array(z.strictObject({ name: z.string(), attributes: object })).optional(),
  }),
  z.strictObject({
    type: z.literal('registration'),
    at: z.enum(['register', 'remove', 'release']),
    agent: z.string(),
    instance: number,
    hook: z.string().optional(),
    sabotage: z.enum(['throw', 'drop', 'repeat']).optional(),
  }),
  z.strictObject({
    type: z.literal('log'),
    what: z.enum(['stdout', 'stderr', 'warning', 'exception', 'rejection', 'log', 'egress', 'exit']),
    message: z.string(),
  }),
  z.strictObject({
    type: z.literal('quiet'),
    number,
    sure: z.boolean(),
    next: z.number().nullable().optional(),
  }),
  z.strictObject({
    type: z.literal('closed'),
    left: z.array(
      z.strictObject({
        what: z.enum(['socket', 'timer', 'listener', 'hook', 'run', 'task']),
        message: z.string(),
      }),
    ),
    held: z.array(number).nullable(),
  }),
  z.strictObject({ type: z.literal('error'), message: z.string() }),
])
export type FromDriver = z.infer<typeof fromDriver>

/** Returns the messages of both directions as JSON Schema, for authors of drivers in other languages. */
export function buildProtocolSchema(): JsonObject {
  const schema = (of: z.ZodType) => z.toJSONSchema(of, { io: 'input' }) as JsonObject
  return { protocol: PROTOCOL, toDriver: schema(toDriver), fromDriver: schema(fromDriver) }
}
