import { canonical, type JsonObject } from '../json.ts'
import { adapted } from './adapt.ts'
import { faultOf } from './attempts.ts'
import { type Composed, compose, includes } from './compose/compose.ts'
import { effectiveInput, type Ground, groundOf, inputItems } from './context.ts'
import { respond } from './delivery.ts'
import { openDraft } from './draft.ts'
import type { Exchange } from './exchange.ts'
import { httpFault } from './faults/http.ts'
import { idsOf, lineageOf } from './ids.ts'
import { type Machine, secondsOf } from './machine.ts'
import { refuseBody } from './refusals/body.ts'
import { isTooLong, refusedByState } from './refusals/state.ts'
import { PLAIN_ANSWER, scriptRequest } from './script.ts'
import { tokensOfInput } from './tokens.ts'
import type { Answer, CreateBody, Fault, Wire } from './types.ts'

/** `POST /responses`: refuse, or take the script's answer, compose it, spoil it if this attempt is to be, and send it. */
export async function createResponse(
  body: CreateBody,
  exchange: Exchange,
  machine: Machine,
): Promise<Response> {
  const malformed = refuseBody(body, machine)
  if (malformed !== undefined) {
    exchange.seen({ body })
    return exchange.refuse(malformed)
  }
  const ground = groundOf(body, machine)
  if ('rule' in ground) {
    exchange.seen({ body, context: inputItems(body['input']) })
    return exchange.refuse(ground)
  }
  const input = inputItems(body['input'])
  const effective = effectiveInput(ground, input, machine)
  const context = [...ground.chain, ...('rule' in effective ? input : effective)]
  const tokens = tokensOfInput(context, body)
  const refusal = 'rule' in effective ? effective : refusedByState(body, ground, tokens, machine)
  if (refusal !== undefined || 'rule' in effective) {
    exchange.seen({ body, context })
    return exchange.refuse(refusal as NonNullable<typeof refusal>)
  }

  const key = canonical(body)
  const again = machine.attempts.again(key)
  const attempt = again?.attempt ?? 0
  exchange.seen({ body, context, attempt })
  const draft = openDraft(body, ground, effective, exchange, machine)
  const answer = again?.answer ?? (await nextAnswer(body, context, exchange, machine))
  const fault = isTooLong(body, tokens, machine) ? TOO_LONG : faultOf(answer, attempt)
  if (fault !== undefined) machine.attempts.spoiled(key, answer, attempt)
  if (fault?.kind === 'http' || fault?.kind === 'refuse-connection') {
    draft.abandon()
    return httpFault(fault, exchange)
  }

  const wire = answer.wire ?? {}
  if (fault?.kind === 'error-event' && body['stream'] !== true && body['background'] !== true)
    machine.watch({
      type: 'script-impossible',
      request: exchange.number,
      found: 'an error event for an answer that is no stream',
      adapted: 'a failed response',
    })
  const { items, changes } = adapted(answer, body)
  for (const change of changes)
    machine.watch({ type: 'script-impossible', request: exchange.number, ...change })
  const composed = composeFor(body, items, ground, tokens, wire, fault !== undefined, machine)
  return respond({ body, composed, fault, wire, draft, exchange, machine })
}

/** Where it is not refused before the stream, a context that is too long shows as its first trouble (SERVICE-FACTS 9). */
const TOO_LONG: Fault = { kind: 'error-event', at: 2, form: 'nested', code: 'context_length_exceeded' }

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
): Composed {
  const { random, seal } = machine
  const seconds = secondsOf(machine)
  const ids = idsOf(lineageFor(ground, machine), seconds, random)
  const head = { id: ids.response(), created: seconds, background: body['background'] === true }
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

/** A conversation's responses and a chain's share one lineage; else it is new (SERVICE-FACTS 5). */
function lineageFor({ conversation, previous }: Ground, { random }: Machine): string {
  const from = conversation?.id ?? previous?.response.id
  return from === undefined ? `0${random.hex(15)}` : lineageOf(from)
}

/** What a chain repeats is cached in steps of 128 tokens from 1,024 on (SERVICE-FACTS 11). */
function cachedTokens({ previous }: Ground): number {
  const before = previous?.response.usage?.total_tokens ?? 0
  return before < 1024 ? 0 : before - (before % 128)
}
