import { callAnsweredOnce } from './calls.ts'
import { type ConversationRequest, conversationNotFound } from './conversations.ts'
import { inputRules } from './input.ts'
import type { InputContext } from './known.ts'
import {
  conversationOrPreviousResponse,
  type HistoryRequest,
  previousResponseNotFound,
} from './previous-response.ts'
import { requestRules } from './registry.ts'
import type { RequestRule } from './rule.ts'
import { type ResponseRequest, responseNotFound } from './stored-responses.ts'

/**
 * How the checker of recordings uses the rules of this folder. This file is the one place where the checker and the
 * service differ; each difference has its reason. A rule that is not here needs facts that no recording shows: the API key,
 * the models, the options of the service, the time.
 */

/** Rules as the checker names them. */
export interface JudgedRule<Asked> {
  /** The id in the findings of `conform check`. */
  id: string
  statement: string
  source: string
  rules: readonly RequestRule<Asked>[]
  /** How the checker uses the rules differently, and why. */
  difference?: string
}

/** The rules about `previous_response_id` and `conversation`, in the order in which the checker asks them. */
export const judgedHistoryRules: readonly JudgedRule<HistoryRequest>[] = [
  {
    id: conversationOrPreviousResponse.id,
    statement: conversationOrPreviousResponse.statement,
    source: conversationOrPreviousResponse.source,
    rules: [conversationOrPreviousResponse],
  },
  {
    id: 'previous-response-held',
    statement: previousResponseNotFound.statement,
    source:
      'SERVICE-FACTS 1: rig nonexistent_previous_response_reference; store:false: bigduu/Bamboo-agent#513',
    rules: [previousResponseNotFound],
    difference:
      'An id that the file does not show may exist at the service. An unstored background response may be continued, because the service keeps it for some minutes. The status of the response does not matter.',
  },
  {
    id: 'conversation-held',
    statement: 'The conversation that a request names is not deleted',
    source: 'SERVICE-FACTS 4: recorded (ms-agent-framework error_conversation_not_found)',
    rules: [conversationNotFound],
    difference: 'A conversation that the file does not show may exist at the service.',
  },
]

/** The rule about the id in the path of a GET or DELETE. */
export const judgedPathRule: JudgedRule<ConversationRequest & ResponseRequest> = {
  id: 'deleted-is-gone',
  statement: 'A deleted response, a deleted conversation and an unstored foreground response are not found',
  source:
    'SERVICE-FACTS 8: openai-dotnet CanDeleteResponse, CanOptOutOfStorage; 12: conversations; SERVICE-FACTS 7: an unstored background response is found for some minutes',
  rules: [responseNotFound, conversationNotFound],
  difference:
    'An id that the file does not show may exist at the service. An unstored background response may be found for longer than the service of this project keeps it.',
}

/** The rules about input items that the checker uses. Their ids are the same in the service. */
export const judgedInputRules: readonly RequestRule<InputContext>[] = inputRules.filter(
  // Nobody has seen OpenAI refuse a second output (SERVICE-FACTS, Unknown 3).
  (rule) => rule !== callAnsweredOnce,
)

/**
 * The rules that the message of a recorded refusal names, by the beginning of the message or its fixed part. The request
 * and its file must show that the rule is broken.
 */
export const RULES_BY_MESSAGE: readonly (readonly [message: RegExp, rule: string])[] = [
  [/^No tool output found for/, 'calls-answered'],
  [/^No tool call found for/, 'outputs-have-calls'],
  [/^Duplicate item found/, 'items-unique'],
  [/provided without its required following item/, 'reasoning-followed'],
  [/provided without its required 'reasoning' item/, 'item-with-its-reasoning'],
  [/^Mutually exclusive parameters/, 'conversation-or-previous-response'],
]

/** The status and the param that a refusal with a certain code has. A param of null is JSON null; `any` is null or a text. */
export interface CodeForm {
  status: number
  param: RegExp | null | 'any'
}

const ANY_PARAM = /./

/**
 * The codes for which the checker compares status and param, because recordings or reports show both. Not here:
 * model_not_found, which is recorded with 400 and param model, and reported with 404 for models that ask for verification
 * (LibreChat#7323); and the codes that the service only has after the family of another code.
 */
const JUDGED_CODES = [
  ...['invalid_api_key', 'invalid_json_schema', 'invalid_function_parameters', 'decimal_below_min_value'],
  ...['integer_above_max_value', 'invalid_json', 'invalid_value', 'context_length_exceeded'],
  ...['previous_response_not_found', 'mutually_exclusive_parameters', 'conversation_locked'],
  ...['invalid_encrypted_content', 'invalid_id_prefix', 'missing_required_parameter'],
]

/** Codes that the rules of this folder do not have, or have in fewer forms than the real service. */
const OTHER_CODES: readonly (readonly [code: string, form: CodeForm])[] = [
  // The service of this project refuses an unsupported effort with it. The real one also refuses other values.
  ['unsupported_value', { status: 400, param: ANY_PARAM }],
  // The service of this project reads no files.
  ['unsupported_file', { status: 400, param: /^input$/ }],
  // A fault, not a rule about requests.
  ['insufficient_quota', { status: 429, param: null }],
]

/** The form of each judged code (SERVICE-FACTS 6, and 1 to 4), read from the rules that have the code. */
export const CODE_FORMS: ReadonlyMap<string, CodeForm> = new Map([
  ...JUDGED_CODES.map((code) => [code, readCodeForm(code)] as const),
  ...OTHER_CODES,
])

function readCodeForm(code: string): CodeForm {
  const rules = requestRules.filter((rule) => rule.code === code)
  const [first] = rules
  if (first === undefined) throw new Error(`no rule about requests has the code ${code}`)
  const params = new Set(rules.map(({ param }) => param))
  if (params.size === 1) return { status: first.status, param: buildParamPattern(first.param) }
  return { status: first.status, param: params.has(null) ? 'any' : ANY_PARAM }
}

/** Returns the pattern of a rule's param: a place `{index}` stands for digits, the place `{param}` for anything. */
function buildParamPattern(param: string | null): RegExp | null {
  if (param === null || param === '{param}') return param === null ? null : ANY_PARAM
  const escaped = param.replace(/[.[\]]/g, '\\$&').replace(/\{\w+\}/g, '\\d+')
  return new RegExp(`^${escaped}$`)
}
