import type { JsonObject } from '../json.ts'
import { readInputItems } from '../request.ts'
import { conversationLocked } from '../request-rules/conversations.ts'
import { inputNotEmpty, refuseCreateBody } from '../request-rules/create-body.ts'
import {
  contextFitsTheModel,
  isContextTooLong,
  modelRules,
  type SizedRequest,
} from '../request-rules/models.ts'
import { findRefusal, type Refusal } from '../request-rules/rule.ts'
import { adaptAnswer } from './adapt.ts'
import { findFault } from './attempts.ts'
import { type Composed, compose, isIncluded } from './compose/compose.ts'
import { findGround, type Ground, resolveInput } from './context.ts'
import { deliverAnswer } from './delivery.ts'
import { type Dialect, responsesDialect } from './dialect.ts'
import { openDraft } from './draft.ts'
import type { Exchange } from './exchange.ts'
import { answerEarlyFault } from './faults/http.ts'
import { isEarlyFault } from './faults/stages.ts'
import { createIds, readLineage } from './ids.ts'
import { type Machine, readSeconds } from './machine.ts'
import { buildScriptRequest } from './script.ts'
import { countContextTokens } from './tokens.ts'
import type { CreateBody, Fault, ScriptedAnswer, Wire } from './types.ts'

/**
 * `POST /responses`: refuses the request, or composes the answer of the script, applies the fault of this attempt and
 * sends it.
 */
export async function createResponse(
  body: CreateBody,
  exchange: Exchange,
  machine: Machine,
  dialect: Dialect = responsesDialect,
): Promise<Response> {
  const read = admitRequest(body, machine, dialect)
  if ('refusal' in read) {
    exchange.reportSeen(read.context === undefined ? { body } : { body, context: read.context })
    return exchange.refuse(dialect.translateRefusal(read.refusal))
  }
  const { ground, context, tokens } = read
  const again = machine.attempts.findRetry(read)
  const attempt = again?.attempt ?? 0
  exchange.reportSeen({ body, context, attempt })
  const draft = openDraft(body, ground, read.input, exchange, machine)
  try {
    const warmsUp = machine.socket?.isWarmUp === true
    const answer = warmsUp ? WARM_UP : (again?.answer ?? (await askScript(body, context, exchange, machine)))
    const fault = isContextTooLong(buildSizedRequest(body, tokens, machine))
      ? buildTooLongFault(body)
      : findFault(answer, attempt)
    if (fault !== undefined) machine.attempts.noteSpoiled(read, answer, attempt)
    if (fault !== undefined && isEarlyFault(fault)) {
      draft.abandon()
      return answerEarlyFault(fault, exchange)
    }
    const wire = answer.wire ?? {}
    const { items, changes } = warmsUp ? { items: [], changes: [] } : adaptAnswer(answer, body, fault)
    for (const change of changes)
      machine.watch({ type: 'script-impossible', request: exchange.number, ...change })
    const composed = composeAnswer(body, items, ground, tokens, wire, fault !== undefined, machine, dialect)
    return deliverAnswer({ body, composed, fault, wire, dialect, draft, exchange, machine })
  } catch (error) {
    // Only a script or a watch can throw, which is a mistake of the harness. It must not leave the conversation locked.
    draft.abandon()
    throw error
  }
}

/** The answer to a request that only warms up the context (SERVICE-FACTS 13). */
const WARM_UP: ScriptedAnswer = { items: [] }

/** An accepted request: what it continues, and its input with references resolved. */
interface Admitted {
  body: CreateBody
  ground: Ground
  input: JsonObject[]
  context: JsonObject[]
  tokens: number
}

/**
 * Asks all rules in order: about the body, what it names, the abilities of the model, the items, the lock of the
 * conversation, the length of the context.
 */
function admitRequest(
  body: CreateBody,
  machine: Machine,
  dialect: Dialect,
): Admitted | { refusal: Refusal; context?: JsonObject[] } {
  const asked = { body, models: machine.models, options: machine.facts }
  const isTranslated = dialect !== responsesDialect
  const malformed = refuseCreateBody(asked, isTranslated)
  if (malformed !== undefined) return { refusal: malformed }
  const sent = readInputItems(body['input'])
  const ground = findGround(body, machine)
  if ('rule' in ground) return { refusal: ground, context: sent }
  const unfit = findRefusal(isTranslated ? modelRules : [inputNotEmpty, ...modelRules], asked)
  if (unfit !== undefined) return { refusal: unfit, context: [...ground.chain, ...sent] }
  const input = resolveInput(ground, sent, machine)
  if ('rule' in input) return { refusal: input, context: [...ground.chain, ...sent] }
  const context = [...ground.chain, ...input]
  const tokens = countContextTokens(context, body)
  const isLocked = ground.conversation?.lockedBy !== undefined
  const refusal =
    findRefusal([conversationLocked], { isLocked }) ??
    findRefusal([contextFitsTheModel], buildSizedRequest(body, tokens, machine))
  return refusal === undefined ? { body, ground, input, context, tokens } : { refusal, context }
}

function buildSizedRequest(body: CreateBody, tokens: number, { models, facts }: Machine): SizedRequest {
  return { body, tokens, models, options: facts }
}

/**
 * Returns the fault for a context that is too long and is not refused before the stream: an error event at the start
 * (SERVICE-FACTS 9).
 */
function buildTooLongFault(body: CreateBody): Fault {
  const at = body['background'] === true ? 3 : 2
  return { kind: 'error-event', at, form: 'nested', code: 'context_length_exceeded' }
}

async function askScript(
  body: CreateBody,
  context: readonly JsonObject[],
  exchange: Exchange,
  machine: Machine,
): Promise<ScriptedAnswer> {
  const { number, incoming } = exchange
  const request = buildScriptRequest({ number, body, headers: incoming.headers, context })
  const answer = await machine.script(request)
  if (answer !== undefined) return answer
  machine.watch({ type: 'request.unscripted', request: number })
  return machine.unscripted(request)
}

function composeAnswer(
  body: CreateBody,
  items: Parameters<typeof compose>[0],
  ground: Ground,
  tokens: number,
  wire: Wire,
  spoiled: boolean,
  machine: Machine,
  dialect: Dialect,
): Composed {
  const { random, seal } = machine
  const seconds = readSeconds(machine)
  const ids = createIds(chooseLineage(ground, machine), seconds, random)
  const head = {
    id: dialect.renameId(ids.makeResponseId()),
    created: seconds,
    background: body['background'] === true,
  }
  return compose(items, {
    body,
    head: ground.conversation === undefined ? head : { ...head, conversation: ground.conversation.id },
    make: {
      makeItemId: ids.makeItemId,
      makeCallId: ids.makeCallId,
      makeSeal: seal.makeSeal,
      encrypted: isIncluded(body, 'reasoning.encrypted_content'),
    },
    random,
    ...(machine.cutBy === undefined ? {} : { cutBy: machine.cutBy }),
    pad: machine.padDelta,
    withEvents: body['stream'] === true || body['background'] === true || spoiled,
    alwaysPad: wire.obfuscation === true,
    input: { tokens, cached: countCachedTokens(ground) },
    completed: seconds,
  })
}

/** Returns the lineage of the conversation or chain. A new chain has a new lineage (SERVICE-FACTS 5). */
function chooseLineage({ conversation, previous }: Ground, { random }: Machine): string {
  const from = conversation?.id ?? previous?.response.id
  return from === undefined ? `0${random.hex(15)}` : readLineage(from)
}

/** Returns how many tokens of the chain are cached: steps of 128 tokens, from 1,024 on (SERVICE-FACTS 11). */
function countCachedTokens({ previous }: Ground): number {
  const before = previous?.response.usage?.total_tokens ?? 0
  return before < 1024 ? 0 : before - (before % 128)
}
