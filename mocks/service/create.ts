import type { JsonObject } from '../json.ts'
import { inputItems } from '../request.ts'
import { conversationLocked } from '../request-rules/conversations.ts'
import { refuseCreateBody } from '../request-rules/create-body.ts'
import { contextFitsTheModel, isContextTooLong, type SizedRequest } from '../request-rules/models.ts'
import { findRefusal, type Refusal } from '../request-rules/rule.ts'
import { adapted } from './adapt.ts'
import { faultOf } from './attempts.ts'
import { type Composed, compose, includes } from './compose/compose.ts'
import { effectiveInput, type Ground, groundOf } from './context.ts'
import { respond } from './delivery.ts'
import { type Dialect, responsesDialect } from './dialect.ts'
import { openDraft } from './draft.ts'
import type { Exchange } from './exchange.ts'
import { answerEarlyFault } from './faults/http.ts'
import { isEarlyFault } from './faults/stages.ts'
import { idsOf, lineageOf } from './ids.ts'
import { type Machine, secondsOf } from './machine.ts'
import { PLAIN_ANSWER, scriptRequest } from './script.ts'
import { tokensOfInput } from './tokens.ts'
import type { Answer, CreateBody, Fault, Wire } from './types.ts'

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
  const read = admit(body, machine)
  if ('refusal' in read) {
    exchange.seen(read.context === undefined ? { body } : { body, context: read.context })
    return exchange.refuse(dialect.refusal(read.refusal))
  }
  const { ground, context, tokens } = read
  const again = machine.attempts.again(read)
  const attempt = again?.attempt ?? 0
  exchange.seen({ body, context, attempt })
  const draft = openDraft(body, ground, read.input, exchange, machine)
  try {
    const answer = again?.answer ?? (await nextAnswer(body, context, exchange, machine))
    const fault = isContextTooLong(sizedRequest(body, tokens, machine))
      ? tooLong(body)
      : faultOf(answer, attempt)
    if (fault !== undefined) machine.attempts.spoiled(read, answer, attempt)
    if (fault !== undefined && isEarlyFault(fault)) {
      draft.abandon()
      return answerEarlyFault(fault, exchange)
    }
    const wire = answer.wire ?? {}
    const { items, changes } = adapted(answer, body, fault)
    for (const change of changes)
      machine.watch({ type: 'script-impossible', request: exchange.number, ...change })
    const composed = composeFor(body, items, ground, tokens, wire, fault !== undefined, machine, dialect)
    return respond({ body, composed, fault, wire, dialect, draft, exchange, machine })
  } catch (error) {
    // Only a script or a watch can throw, which is a mistake of the harness. It must not leave the conversation locked.
    draft.abandon()
    throw error
  }
}

/** An accepted request: what it continues, and its input with references resolved. */
interface Admitted {
  body: CreateBody
  ground: Ground
  input: JsonObject[]
  context: JsonObject[]
  tokens: number
}

/**
 * Asks all rules in order: about the body, what it names, its items, the lock of the conversation, the length of the
 * context.
 */
function admit(body: CreateBody, machine: Machine): Admitted | { refusal: Refusal; context?: JsonObject[] } {
  const malformed = refuseCreateBody({ body, models: machine.models, options: machine.facts })
  if (malformed !== undefined) return { refusal: malformed }
  const sent = inputItems(body['input'])
  const ground = groundOf(body, machine)
  if ('rule' in ground) return { refusal: ground, context: sent }
  const input = effectiveInput(ground, sent, machine)
  if ('rule' in input) return { refusal: input, context: [...ground.chain, ...sent] }
  const context = [...ground.chain, ...input]
  const tokens = tokensOfInput(context, body)
  const isLocked = ground.conversation?.lockedBy !== undefined
  const refusal =
    findRefusal([conversationLocked], { isLocked }) ??
    findRefusal([contextFitsTheModel], sizedRequest(body, tokens, machine))
  return refusal === undefined ? { body, ground, input, context, tokens } : { refusal, context }
}

function sizedRequest(body: CreateBody, tokens: number, { models, facts }: Machine): SizedRequest {
  return { body, tokens, models, options: facts }
}

/**
 * Returns the fault for a context that is too long and is not refused before the stream: an error event at the start
 * (SERVICE-FACTS 9).
 */
function tooLong(body: CreateBody): Fault {
  const at = body['background'] === true ? 3 : 2
  return { kind: 'error-event', at, form: 'nested', code: 'context_length_exceeded' }
}

async function nextAnswer(
  body: CreateBody,
  context: readonly JsonObject[],
  exchange: Exchange,
  machine: Machine,
): Promise<Answer> {
  const answer = await machine.script(
    scriptRequest({ number: exchange.number, body, headers: exchange.incoming.headers, context }),
  )
  if (answer !== undefined) return answer
  machine.watch({ type: 'request.unscripted', request: exchange.number })
  return PLAIN_ANSWER
}

function composeFor(
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
  const seconds = secondsOf(machine)
  const ids = idsOf(lineageFor(ground, machine), seconds, random)
  const head = { id: dialect.id(ids.response()), created: seconds, background: body['background'] === true }
  return compose(items, {
    body,
    head: ground.conversation === undefined ? head : { ...head, conversation: ground.conversation.id },
    make: {
      item: ids.item,
      call: ids.call,
      seal: seal.make,
      encrypted: includes(body, 'reasoning.encrypted_content'),
    },
    random,
    pad: machine.pad,
    withEvents: body['stream'] === true || body['background'] === true || spoiled,
    alwaysPad: wire.obfuscation === true,
    input: { tokens, cached: cachedTokens(ground) },
    completed: seconds,
  })
}

/** Returns the lineage of the conversation or chain. A new chain has a new lineage (SERVICE-FACTS 5). */
function lineageFor({ conversation, previous }: Ground, { random }: Machine): string {
  const from = conversation?.id ?? previous?.response.id
  return from === undefined ? `0${random.hex(15)}` : lineageOf(from)
}

/** Returns how many tokens of the chain are cached: steps of 128 tokens, from 1,024 on (SERVICE-FACTS 11). */
function cachedTokens({ previous }: Ground): number {
  const before = previous?.response.usage?.total_tokens ?? 0
  return before < 1024 ? 0 : before - (before % 128)
}
