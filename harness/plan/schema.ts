import { z } from 'zod'
import type { Json, JsonObject } from '../../mocks/json.ts'
import { answerSchema } from '../../mocks/service/answer-schema.ts'
import { factOptions } from '../../mocks/service/options.ts'
import { sessionKinds } from './session-kinds.ts'
import { stopKinds } from './stop-kinds.ts'
import type { HookName, Plan, Pull, Sabotage, SessionMode, Stop, TelemetryMode } from './types.ts'

/** The limits of a plan, so that a plan from an unknown author cannot exhaust the machine. */
export const planLimits = {
  agents: 64,
  conversations: 64,
  /** Over all conversations. */
  turns: 1_000,
  /** Entries of `delivery`, and the highest step of a toggle. */
  steps: 100_000,
  /** Items of a recorded request's context. */
  items: 10_000,
  /** Characters of any one string. */
  string: 1_000_000,
  /** Bytes of the whole file. */
  bytes: 64 * 1024 * 1024,
} as const

/** Every kind of stop. */
export const stopNames = Object.keys(stopKinds) as Stop['how'][]

const text = z.string().max(planLimits.string)
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/)
/** The names that the service accepts. A tool's name is never used as a file name. */
const toolName = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/)
const count = z.int().min(0).max(planLimits.steps)
const json = z.json() as z.ZodType<Json>
const jsonObject = z.record(z.string(), json) as z.ZodType<JsonObject>
const isSet = z.literal(true).optional()
const waiting = { gated: isSet, ignoresSignal: isSet }

const toolAct = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('return'), value: json, ...waiting }),
  z.strictObject({ kind: z.literal('throw'), message: text, ...waiting }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('agent'), agent: name }),
])

const tool = z.strictObject({
  name: toolName,
  description: text.optional(),
  parameters: jsonObject,
  does: z.array(toolAct).min(1).max(planLimits.turns),
})

const agent = z.strictObject({
  name,
  instructions: text,
  tools: z.array(tool).max(128),
  handoffs: z.array(name).max(planLimits.agents),
  settings: jsonObject.optional(),
})

const stop = z.strictObject({
  how: z.enum(stopNames),
  after: z.union([
    z.strictObject({ nothing: z.literal(true) }),
    z.strictObject({ updates: count }),
    z.strictObject({ toolStarts: count }),
    z.strictObject({ request: count, events: count }),
  ]),
  again: z.literal(true).optional(),
})

const recordedRequest = z.strictObject({
  context: z.array(jsonObject).max(planLimits.items),
  tools: z.array(jsonObject).max(128),
})

/** Every session mode. */
export const sessionModes = Object.keys(sessionKinds) as SessionMode[]

/** Every kind of pull. */
export const pullNames = Object.keys({
  'same-context': true,
  'new-context-per-pull': true,
  'handed-over': true,
  'handed-over-midway': true,
  'timeout-per-pull': true,
  'final-only': true,
  'iterate-then-final': true,
} satisfies Record<Pull, true>) as Pull[]

export const hookNames = Object.keys({
  before_run: true,
  after_run: true,
  transform: true,
  result: true,
  cleanup: true,
} satisfies Record<HookName, true>) as HookName[]

const turn = z.strictObject({
  say: text,
  stream: z.boolean(),
  answers: z.array(answerSchema).max(planLimits.turns),
  target: z.enum(['same', 'fresh-workflow']),
  stop: stop.optional(),
  breaks: z.strictObject({ hook: z.enum(hookNames), nth: count }).optional(),
  limit: z.int().min(1).max(planLimits.turns).optional(),
  pull: z.enum(pullNames),
  adds: text.optional(),
  cleanups: z.literal(2).optional(),
  recorded: z.array(recordedRequest).max(planLimits.turns).optional(),
})

const conversation = z.strictObject({
  session: z.enum(sessionModes),
  store: z.boolean(),
  as: z.enum(['task', 'thread']).optional(),
  turns: z.array(turn).min(1).max(planLimits.turns),
})

export const telemetryModes = Object.keys({
  off: true,
  on: true,
  sensitive: true,
} satisfies Record<TelemetryMode, true>) as TelemetryMode[]
const telemetry = z.enum(telemetryModes)

/** How each part of the telemetry can misbehave. Other pairs make no sense: a span that starts can only throw. */
export const sabotagePairs: Readonly<Record<Sabotage['part'], readonly Sabotage['does'][]>> = {
  exporter: ['throw', 'hang', 'drop'],
  'span-start': ['throw'],
  'span-end': ['throw', 'drop', 'repeat'],
  'hook-register': ['throw'],
  'hook-lost': ['drop'],
  'hook-release': ['repeat'],
}

const sabotage = z
  .strictObject({
    part: z.enum(['exporter', 'span-start', 'span-end', 'hook-register', 'hook-lost', 'hook-release']),
    does: z.enum(['throw', 'hang', 'drop', 'repeat']),
    nth: count,
  })
  .refine(({ part, does }) => sabotagePairs[part].includes(does), {
    error: ({ input }) => {
      const { part } = input as Sabotage
      return `expected ${part} to ${sabotagePairs[part].join(', ')}`
    },
  })

const mode = z.strictObject({
  start: telemetry,
  toggles: z
    .array(z.strictObject({ step: count, to: telemetry }))
    .max(1_000)
    .optional(),
  sabotage: sabotage.optional(),
})

/** The options without their defaults, so that an option that a file leaves out stays out. */
const service = z.strictObject(
  Object.fromEntries(
    Object.entries(factOptions.shape).map(([name, option]) => [name, z.optional(option.unwrap())]),
  ),
)

/** The schema of a plan. `findContradiction` checks that the parts fit each other. */
export const planSchema = z.strictObject({
  schema: z.literal(1),
  seed: z.string().max(1_000),
  team: z.array(agent).min(1).max(planLimits.agents),
  flow: z
    .strictObject({
      turnLimits: z.record(name, count),
      endAfter: z.strictObject({ agent: name, messages: count }).optional(),
    })
    .optional(),
  conversations: z.array(conversation).min(1).max(planLimits.conversations),
  delivery: z.array(count).max(planLimits.steps),
  mode,
  service: service.optional(),
  growth: z.literal(true).optional(),
}) as unknown as z.ZodType<Plan>
