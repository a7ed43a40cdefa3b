import type { JsonObject } from '../../json.ts'
import { conversationOf } from '../../request.ts'
import { refuseInput } from '../input/input.ts'
import type { Refusal } from '../input/types.ts'
import { creates, type Exchange } from './exchange.ts'
import { contextOf, type Knowledge } from './knowledge.ts'

/** A reason of state for refusing a request; `source` tells where the refusal was seen. */
interface StateRule {
  id: string
  statement: string
  source: string
  refuses(known: Knowledge, exchange: Exchange): Omit<Refusal, 'rule'> | undefined
}

const type = 'invalid_request_error'

/** The refusals that the exchanges of one file can prove, beside those of the input items. */
export const stateRules: readonly StateRule[] = [
  {
    id: 'conversation-or-previous-response',
    statement: 'A request names a conversation or a previous response, not both',
    source: 'SERVICE-FACTS 1: recorded (ms-agent-framework mutual_exclusive_error)',
    refuses: (_, { body }) =>
      typeof body?.['previous_response_id'] === 'string' && body['conversation'] != null
        ? {
            status: 400,
            type,
            code: 'mutually_exclusive_parameters',
            param: null,
            message: "Mutually exclusive parameters: ''.",
          }
        : undefined,
  },
  {
    id: 'previous-response-held',
    statement: 'The previous response that a request names is stored and not deleted',
    source:
      'SERVICE-FACTS 1: rig nonexistent_previous_response_reference; store:false: bigduu/Bamboo-agent#513',
    refuses(known, { body }) {
      const id = body?.['previous_response_id']
      const held = typeof id === 'string' ? known.responses.get(id) : undefined
      if (!held || (held.kept && !held.deleted)) return undefined
      return {
        status: 400,
        type,
        code: 'previous_response_not_found',
        param: 'previous_response_id',
        message: `Previous response with id '${id}' not found.`,
        // How a deleted predecessor is refused, nobody has recorded (SERVICE-FACTS, Unknown 1).
        ...(held.deleted && { unknown: ['code', 'param'] as const }),
      }
    },
  },
  {
    id: 'conversation-held',
    statement: 'The conversation that a request names is not deleted',
    source: 'SERVICE-FACTS 4: recorded (ms-agent-framework error_conversation_not_found)',
    refuses(known, { body }) {
      const id = conversationOf(body)
      if (id === undefined || !known.conversations.get(id)?.deleted) return undefined
      return {
        status: 404,
        type,
        code: null,
        param: null,
        message: `Conversation with id '${id}' not found.`,
      }
    },
  },
]

/** GET of a response that is gone, and the same for conversations. */
const gone: StateRule = {
  id: 'deleted-is-gone',
  statement: 'What was deleted, or not stored by a foreground run, is not found',
  source:
    'SERVICE-FACTS 8: openai-dotnet CanDeleteResponse, CanOptOutOfStorage; 12: conversations; background with store false: fetched in 3 recordings of ../shared',
  refuses(known, { method, path }) {
    const [, kind, id = ''] = path.split('/')
    if (method !== 'GET' && method !== 'DELETE') return undefined
    const response = kind === 'responses' ? known.responses.get(id) : undefined
    const conversation = kind === 'conversations' ? known.conversations.get(id) : undefined
    if (!response?.deleted && response?.kept !== false && !conversation?.deleted) return undefined
    const what = response ? 'Response' : 'Conversation'
    return { status: 404, type, code: null, param: null, message: `${what} with id '${id}' not found.` }
  },
}

export const goneRules: readonly StateRule[] = [gone]

/** The refusal that the file proves for a request, or undefined where it proves none. */
export function provenRefusal(known: Knowledge, exchange: Exchange): Refusal | undefined {
  if (!creates(exchange)) return firstOf([gone], known, exchange)
  if (!exchange.body) return undefined
  return firstOf(stateRules, known, exchange) ?? refuseInput(contextOf(known, exchange.body))
}

function firstOf(rules: readonly StateRule[], known: Knowledge, exchange: Exchange): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule.refuses(known, exchange)
    if (refusal) return { ...refusal, rule: rule.id }
  }
  return undefined
}

/** What a refusal was for, read off its message: the rules whose conditions a file can show. */
const BY_MESSAGE: readonly [RegExp, string][] = [
  [/^No tool output found for/, 'calls-answered'],
  [/^No tool call found for/, 'outputs-have-calls'],
  [/^Duplicate item found/, 'items-unique'],
  [/provided without its required following item/, 'reasoning-followed'],
  [/provided without its required 'reasoning' item/, 'item-with-its-reasoning'],
  [/^Mutually exclusive parameters/, 'conversation-or-previous-response'],
]

/** The rule that a recorded refusal speaks of, where the request and its file must show it broken. */
export function ruleOfMessage(error: JsonObject): string | undefined {
  return BY_MESSAGE.find(([message]) => message.test(String(error['message'])))?.[1]
}

/**
 * Refusals whose status and param are known by their code (SERVICE-FACTS 6, and 1 to 4). Not model_not_found: it is
 * recorded with 400 and param model, and reported with 404 for models that ask for verification (LibreChat#7323).
 */
export const KNOWN_CODES: ReadonlyMap<string, { status: number; param: RegExp | null }> = new Map([
  ['invalid_api_key', { status: 401, param: null }],
  ['invalid_json_schema', { status: 400, param: /^text\.format\.schema$/ }],
  ['invalid_function_parameters', { status: 400, param: /^tools\[\d+\]\.parameters$/ }],
  ['unsupported_value', { status: 400, param: /./ }],
  ['decimal_below_min_value', { status: 400, param: /./ }],
  ['integer_above_max_value', { status: 400, param: /./ }],
  ['invalid_json', { status: 400, param: null }],
  ['invalid_value', { status: 400, param: /./ }],
  ['unsupported_file', { status: 400, param: /^input$/ }],
  ['context_length_exceeded', { status: 400, param: /^input$/ }],
  ['insufficient_quota', { status: 429, param: null }],
  ['previous_response_not_found', { status: 400, param: /^previous_response_id$/ }],
  ['mutually_exclusive_parameters', { status: 400, param: null }],
  ['conversation_locked', { status: 400, param: /^conversation$/ }],
  ['invalid_encrypted_content', { status: 400, param: null }],
  ['invalid_id_prefix', { status: 400, param: /^input\[\d+\]\.id$/ }],
  ['missing_required_parameter', { status: 400, param: /./ }],
])
