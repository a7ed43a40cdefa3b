import { inputRules } from '../../grammar/input/input.ts'
import type { RefusalRule } from './refusal.ts'

const type = 'invalid_request_error'

/** What each rule of the input answers; the rules themselves, with their messages, are mocks/grammar/input. */
const ANSWERS: Readonly<
  Record<string, Partial<Pick<RefusalRule, 'status' | 'code' | 'param'>> & { message: string }>
> = {
  'input-fields-present': {
    code: 'missing_required_parameter',
    param: 'input[{index}].{field}',
    message: "Missing required parameter: 'input[{index}].{field}'.",
  },
  'input-ids-well-formed': {
    code: 'invalid_value',
    param: 'input[{index}].id',
    message:
      "Invalid 'input[{index}].id': '{id}'. Expected an ID that contains letters, numbers, underscores, or dashes, …",
  },
  'input-ids-prefixed': {
    code: 'invalid_id_prefix',
    param: 'input[{index}].id',
    message: "Invalid 'input[{index}].id': '{id}'. Expected an ID that begins with '{prefix}'.",
  },
  'items-unique': {
    message: 'Duplicate item found with id {id}. Remove duplicate items from your input and try again.',
  },
  'items-found': { status: 404, message: "Item with id '{id}' not found. …" },
  'calls-answered': { message: 'No tool output found for {kind} {call_id}.' },
  'outputs-have-calls': { message: 'No tool call found for {kind} output with call_id {call_id}.' },
  'reasoning-followed': {
    message: "Item '{id}' of type 'reasoning' was provided without its required following item.",
  },
  'item-with-its-reasoning': {
    message:
      "Item '{id}' of type '{type}' was provided without its required 'reasoning' item: '{reasoning}'.",
  },
  'encrypted-content-verified': {
    code: 'invalid_encrypted_content',
    param: null,
    message: 'The encrypted content {start}...{end} could not be verified.',
  },
}

/** SERVICE-FACTS 2 and 3: unanswered calls, item integrity. One value for each rule of mocks/grammar/input. */
const inputRefusals: readonly RefusalRule[] = inputRules.map(({ id, source }) => ({
  rule: id,
  status: 400,
  type,
  code: null,
  param: 'input',
  message: '',
  source,
  ...ANSWERS[id],
}))

export const outputOnce: RefusalRule = {
  rule: 'call-answered-once',
  status: 400,
  type,
  code: null,
  param: 'input',
  message: 'Duplicate function_call_output for call_id {id}.',
  source: 'SERVICE-FACTS 3: a gateway, NousResearch/hermes-agent#102629; of OpenAI unknown, hence an option',
}

export const section3 = [...inputRefusals, outputOnce]
