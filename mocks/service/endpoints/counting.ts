import type { JsonObject } from '../../json.ts'
import { readInputItems } from '../../request.ts'
import { refuseForm } from '../../request-rules/body-form.ts'
import { compactBodySchema, inputTokensBodySchema } from '../../request-rules/body-schemas.ts'
import { inputGiven } from '../../request-rules/create-body.ts'
import { modelNameRules } from '../../request-rules/models.ts'
import { buildRefusal, findRefusal, type Refusal } from '../../request-rules/rule.ts'
import { buildUsage } from '../compose/usage.ts'
import { findGround, resolveInput } from '../context.ts'
import { buildListedInputItem } from '../draft.ts'
import { createIds, readLineage } from '../ids.ts'
import { type Machine, readSeconds } from '../machine.ts'
import { countContextTokens } from '../tokens.ts'
import type { CreateBody } from '../types.ts'
import type { Call } from './call.ts'

/**
 * `POST /responses/input_tokens`: counts the input tokens of a request, with tools and instructions (SERVICE-FACTS 12).
 */
export async function countInputTokens({ body, exchange, machine }: Call): Promise<Response> {
  const asked = body ?? {}
  const read = refuseForm(asked, inputTokensBodySchema) ?? readContext(asked, machine)
  exchange.reportSeen({ body: asked, ...('rule' in read ? {} : { context: read.context }) })
  if ('rule' in read) return exchange.refuse(read)
  return exchange.answerJson({
    object: 'response.input_tokens',
    input_tokens: countContextTokens(read.context, asked),
  })
}

/**
 * `POST /responses/compact`: answers with the user messages and one compaction item for the rest (SERVICE-FACTS 12).
 * The user messages keep their ids. The service stores no response under the new id. The client sends the compaction
 * item with its next request.
 */
export async function compactContext({ body, exchange, machine }: Call): Promise<Response> {
  const asked = body ?? {}
  const read =
    refuseForm(asked, compactBodySchema) ?? refuseModel(asked, machine) ?? readContext(asked, machine)
  exchange.reportSeen({ body: asked, ...('rule' in read ? {} : { context: read.context }) })
  if ('rule' in read) return exchange.refuse(read)
  const { context, previous } = read
  if (context.length === 0) return exchange.refuse(buildRefusal(inputGiven))
  const { random, seal, store } = machine
  const seconds = readSeconds(machine)
  const lineage = previous === undefined ? `0${random.hex(15)}` : readLineage(previous)
  const ids = createIds(lineage, seconds, random)
  const users = context
    .filter(({ role }) => role === 'user')
    .map((item) => buildListedInputItem(item, ids.makeItemId))
  const encrypted = seal.makeSeal()
  store.compacted.set(encrypted, context)
  const compaction = { id: ids.makeItemId('compaction'), type: 'compaction', encrypted_content: encrypted }
  const usage = buildUsage(
    { tokens: countContextTokens(context, asked), cached: 0 },
    16 + 4 * context.length,
    0,
  )
  return exchange.answerJson({
    id: createIds(lineage, seconds, random, 'compaction').makeResponseId(),
    object: 'response.compaction',
    created_at: seconds,
    output: [...users, compaction],
    usage,
  })
}

function readContext(
  body: CreateBody,
  machine: Machine,
): { context: JsonObject[]; previous?: string } | Refusal {
  const ground = findGround(body, machine)
  if ('rule' in ground) return ground
  const input = readInputItems(body['input'])
  // A chain without new input may be counted and compacted while calls are open, because no model is asked.
  const effective = input.length === 0 ? [] : resolveInput(ground, input, machine)
  if ('rule' in effective) return effective
  const context = [...ground.chain, ...effective]
  return ground.previous === undefined ? { context } : { context, previous: ground.previous.response.id }
}

function refuseModel(body: CreateBody, machine: Machine): Refusal | undefined {
  return findRefusal(modelNameRules, { body, models: machine.models, options: machine.facts })
}
