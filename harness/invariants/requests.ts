import { toDifferingJson } from '../../mocks/differing-texts.ts'
import {
  isObject,
  isSameJson,
  type Json,
  type JsonObject,
  listObjects,
  toCanonicalJson,
  toShortJson,
} from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { readItemText, readRole } from '../history/items.ts'
import { groupByRun, isNested, type RequestRecord, type RunRecord } from '../history/runs.ts'
import type { AgentSpec, Plan, ToolSpec } from '../plan/types.ts'
import { findPlannedTurn } from './planned-turn.ts'
import { toComparableSchema } from './tool-schema.ts'
import type { Invariant, Violation } from './types.ts'

const CREATE = 'https://platform.openai.com/docs/api-reference/responses/create'

export const requestAsConfigured: Invariant = {
  id: 'request-as-configured',
  level: 'must',
  statement:
    'Each request has the instructions, tools and settings of its agent, and the `store` and `stream` that its caller asked for, also if it continues a response or a conversation, and also if the agent is a tool.',
  source: `${CREATE} (instructions are not carried over with previous_response_id; tools, store and stream are parameters of each request)`,
  since: '0.1.0',
  needs: [],
  check: (history, plan) => listConfiguredRequests(history, plan).flatMap(findDeviations),
  countWitnesses: (history, plan) => listConfiguredRequests(history, plan).length,
}

export const toolSchemasKept: Invariant = {
  id: 'tool-schemas-kept',
  // A runtime may rewrite a schema for strict mode. A call that fits the new schema mostly fits the old one.
  level: 'should',
  statement:
    "Each tool is offered with the schema and the description that its application gave, unchanged, and is not made strict. The schemas of tools that are agents are the runtime's own, as are handoffs.",
  source: `${CREATE} (tools: parameters, strict); https://developers.openai.com/api/docs/guides/function-calling (strict mode changes which schemas are valid)`,
  since: '0.1.0',
  needs: [],
  check: (history, plan) => listConfiguredRequests(history, plan).flatMap(findRewrittenTools),
  countWitnesses: (history, plan) =>
    listConfiguredRequests(history, plan).filter(({ spec }) => (spec?.tools ?? []).length > 0).length,
}

/** A request of a run, with what its plan says of it. `spec` is absent if no agent of the team can be found in it. */
interface ConfiguredRequest {
  story: RunRecord
  request: RequestRecord
  spec: AgentSpec | undefined
  plan: Plan
}

function listConfiguredRequests(history: History, plan: Plan): ConfiguredRequest[] {
  return groupByRun(history).runs.flatMap((story) => {
    if (findPlannedTurn(story, plan) === undefined) return []
    return story.requests.map((request) => {
      const spec = plan.team.find(({ name }) => name === request.asked.agent)
      return { story, request, spec, plan }
    })
  })
}

/** Something that differs from the plan: a stable key, and the text of a message. */
interface Deviation {
  cause: string
  what: string
}

function findDeviations(configured: ConfiguredRequest): Violation[] {
  const { request, spec } = configured
  const found = [
    ...(spec === undefined
      ? checkUnknownAgent(configured)
      : [
          ...checkInstructions(request, spec, configured.plan),
          ...checkTools(request, spec, configured.plan),
          ...checkSettings(request, spec),
        ]),
    ...checkModes(configured),
  ]
  return found.map(({ cause, what }) => toViolation(request, cause, what))
}

function toViolation({ at, asked }: RequestRecord, cause: string, what: string): Violation {
  const of = asked.agent === undefined ? '' : ` of ${asked.agent}`
  return { at, message: `request ${asked.request}${of} ${what}`, cause }
}

/** In a team of several agents, a request belongs to the agent with its instructions. So a request of nobody has none. */
function checkUnknownAgent({ request, plan }: ConfiguredRequest): Deviation[] {
  if (isUnseen(request) || plan.team.some(({ instructions }) => instructions.trim() === '')) return []
  return [{ cause: 'instructions missing', what: 'has the instructions of no agent' }]
}

/** Returns whether a request continues a context that the harness does not know, because the service refused the request. */
function isUnseen({ asked, refused }: RequestRecord): boolean {
  const { body } = asked
  return refused !== undefined && (body['previous_response_id'] ?? body['conversation'] ?? null) !== null
}

function checkInstructions(request: RequestRecord, spec: AgentSpec, { team }: Plan): Deviation[] {
  const { body, context } = request.asked
  const own = spec.instructions.trim()
  const written = typeof body['instructions'] === 'string' ? body['instructions'] : ''
  const messages = [...context, ...listObjects(body['input']), ...listObjects(body['messages'])]
  const told = messages.filter((item) => /system|developer/.test(readRole(item) ?? '')).map(readItemText)
  const other = team.find(
    ({ name, instructions }) =>
      name !== spec.name &&
      instructions.length > 12 &&
      !own.includes(instructions) &&
      written.includes(instructions),
  )
  return [
    ...(own === '' || isUnseen(request) || [written, ...told].some((text) => text.includes(own))
      ? []
      : [{ cause: 'instructions missing', what: `lacks its instructions ${toShortJson(own)}` }]),
    ...(other === undefined
      ? []
      : [{ cause: 'instructions of another agent', what: `has the instructions of ${other.name}` }]),
  ]
}

function isFunction({ does: [act] }: ToolSpec): boolean {
  return act?.kind !== 'agent'
}

/** Returns the tools of a request: those of the Responses API, and those of chat completions, in one form. */
function listTools({ asked: { body } }: RequestRecord): JsonObject[] {
  return listObjects(body['tools']).map((tool) => (isObject(tool['function']) ? tool['function'] : tool))
}

function checkTools(request: RequestRecord, spec: AgentSpec, { team }: Plan): Deviation[] {
  const tools = listTools(request)
  const named = (name: string) => tools.filter((tool) => tool['name'] === name)
  const wrong = spec.tools.flatMap((tool): Deviation[] => {
    const [offered, again] = named(tool.name)
    if (offered === undefined)
      return [{ cause: 'tool missing', what: `does not offer its tool ${tool.name}` }]
    if (again !== undefined) return [{ cause: 'tool twice', what: `offers its tool ${tool.name} twice` }]
    return isFunction(tool) ? checkCompatible(offered, tool) : []
  })
  const own = new Set(spec.tools.map(({ name }) => name))
  const foreign = team
    .filter(({ name }) => name !== spec.name)
    .flatMap((agent) => agent.tools.map(({ name }) => ({ name, agent: agent.name })))
    .find(({ name }) => !own.has(name) && named(name).length > 0)
  return [
    ...wrong,
    ...(foreign === undefined
      ? []
      : [{ cause: 'tool of another agent', what: `offers the tool ${foreign.name} of ${foreign.agent}` }]),
    ...checkHandoffs(request, spec),
  ]
}

/** The runtime makes the tools for handoffs, so only their presence is checked. */
function checkHandoffs({ asked: { handoffs } }: RequestRecord, spec: AgentSpec): Deviation[] {
  if (handoffs === undefined) return []
  const offered = new Set(Object.values(handoffs))
  return spec.handoffs
    .filter((to) => !offered.has(to))
    .map((to) => ({ cause: 'handoff missing', what: `does not offer a handoff to ${to}` }))
}

/** Checks that a call that fits the offered schema also fits the schema of the tool. */
function checkCompatible(offered: JsonObject, { name, parameters }: ToolSpec): Deviation[] {
  if (isSameJson(offered['parameters'], parameters)) return []
  const [found, expected] = [offered['parameters'] ?? null, parameters].map(toComparableSchema)
  if (toCanonicalJson(found ?? null) === toCanonicalJson(expected ?? null)) return []
  const [is, wanted] = toDifferingJson(offered['parameters'], parameters)
  const what = `offers its tool ${name} with the parameters ${is}, expected ${wanted}`
  return [{ cause: 'tool schema', what }]
}

/** Compares each setting. In chat completions some parameters have other names, so only those of the same name count. */
function checkSettings({ asked: { body } }: RequestRecord, { settings = {} }: AgentSpec): Deviation[] {
  const isChat = Array.isArray(body['messages'])
  return Object.entries(settings).flatMap(([key, value]) => {
    const found = body[key]
    if (isChat && found === undefined) return []
    if (found !== undefined && toCanonicalJson(found) === toCanonicalJson(value)) return []
    const [is, wanted] = found === undefined ? ['not set', toShortJson(value)] : toDifferingJson(found, value)
    return [{ cause: 'setting', what: `has ${key} ${is}, expected ${wanted}` }]
  })
}

/**
 * Checks `store` and `stream`. A runtime may stream although its caller does not, and an agent that is a tool need not
 * stream. Chat completions never store, so `store` matters only where it is false, or where the service keeps the context.
 */
function checkModes({ story, request, plan }: ConfiguredRequest): Deviation[] {
  const { body } = request.asked
  const { store = true } = plan.conversations[story.conversation] ?? {}
  const keeps = /previous-response|conversation-object/.test(story.started.session)
  const isChat = Array.isArray(body['messages'])
  const hasWrongStore = !isChat && (body['store'] ?? true) !== store && (!store || keeps)
  const lacksStream = findPlannedTurn(story, plan)?.stream === true && body['stream'] !== true
  return [
    ...(hasWrongStore
      ? [{ cause: `store ${store}`, what: `has store ${describe(body['store'])}, expected ${store}` }]
      : []),
    ...(lacksStream && !isNested(request, story)
      ? [{ cause: 'stream missing', what: `has stream ${describe(body['stream'])}, expected true` }]
      : []),
  ]
}

function describe(value: Json | undefined): string {
  return value === undefined ? 'not set' : toShortJson(value)
}

function findRewrittenTools({ request, spec }: ConfiguredRequest): Violation[] {
  const tools = listTools(request)
  return (spec?.tools ?? []).flatMap((tool) => {
    const offered = tools.find(({ name }) => name === tool.name)
    if (offered === undefined) return []
    if (isFunction(tool) && checkCompatible(offered, tool).length > 0) return []
    const rewrites = isFunction(tool) ? listRewrites(offered, tool) : checkDescription(offered, tool)
    return rewrites.map(({ cause, what }) =>
      toViolation(request, cause, `offers its tool ${tool.name} ${what}`),
    )
  })
}

function checkDescription(offered: JsonObject, { description = '' }: ToolSpec): Deviation[] {
  const told = typeof offered['description'] === 'string' ? offered['description'] : ''
  if (told.includes(description)) return []
  const [is, wanted] = toDifferingJson(told, description)
  const what = `described as ${is}, expected ${wanted}`
  return [{ cause: 'description lost', what }]
}

function listRewrites(offered: JsonObject, tool: ToolSpec): Deviation[] {
  const { parameters } = tool
  const found = withoutDialect(offered['parameters'] ?? null)
  const [is, wanted] = toDifferingJson(found, parameters)
  return [
    ...(isSameJson(found, parameters) ||
    toCanonicalJson(found) === toCanonicalJson(withoutDialect(parameters))
      ? []
      : [
          {
            cause: 'schema rewritten',
            what: `with the schema ${is}, expected ${wanted}`,
          },
        ]),
    ...checkDescription(offered, tool),
    ...(offered['strict'] === true ? [{ cause: 'made strict', what: 'in strict mode' }] : []),
  ]
}

/** Returns a schema without its `$schema` key, which does not affect calls. */
function withoutDialect(parameters: Json): Json {
  if (!isObject(parameters)) return parameters
  const { $schema: _, ...rest } = parameters
  return rest
}
