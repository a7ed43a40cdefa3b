import type { ResponseStatus } from 'openai/resources/responses/responses'
import { isObject, type JsonObject } from '../json.ts'
import { readConversationId } from '../request.ts'
import type { FactOptions } from '../service/options.ts'
import { conversationNotFound } from './conversations.ts'
import type { History } from './known.ts'
import { defineRule, type RequestRule } from './rule.ts'

/** The earlier response and the conversation that a request names, and what is known of both. */
export interface HistoryRequest {
  previousId: string | undefined
  conversationId: string | undefined
  history: History
  /** Whether the organisation is under Zero Data Retention. */
  zeroDataRetention: boolean
  /** The prompt that a request names, if the service holds no prompts. */
  absentPromptId?: string
}

/** Returns what a body names. */
export function readHistoryRequest(
  body: JsonObject,
  known: Pick<HistoryRequest, 'history' | 'zeroDataRetention'> & { holdsPrompts: boolean },
): HistoryRequest {
  const { holdsPrompts, ...rest } = known
  const prompt = holdsPrompts || !isObject(body['prompt']) ? undefined : body['prompt']['id']
  const previous = body['previous_response_id']
  const previousId = typeof previous === 'string' ? previous : undefined
  return {
    previousId,
    conversationId: readConversationId(body),
    ...rest,
    ...(typeof prompt === 'string' ? { absentPromptId: prompt } : {}),
  }
}

export const conversationOrPreviousResponse = defineRule<HistoryRequest>({
  id: 'conversation-or-previous-response',
  statement: 'A request names a conversation or a previous response, not both',
  source: 'SERVICE-FACTS 1: recorded (ms-agent-framework mutual_exclusive_error)',
  code: 'mutually_exclusive_parameters',
  message:
    "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
  findBreach: ({ previousId, conversationId }) =>
    previousId !== undefined && conversationId !== undefined ? {} : undefined,
})

const noChainUnderZeroDataRetention = defineRule<HistoryRequest>({
  id: 'no-chain-under-zero-data-retention',
  statement: 'Under Zero Data Retention no request names a previous response',
  source: 'SERVICE-FACTS 1: can1357/oh-my-pi#2341, microsoft/vscode#317158; code and param unknown',
  message: 'Previous response cannot be used for this organization due to Zero Data Retention.',
  findBreach: ({ previousId, zeroDataRetention }) =>
    previousId !== undefined && zeroDataRetention ? {} : undefined,
})

/** Only under the option `prompts: none`. */
const promptNotFound = defineRule<HistoryRequest>({
  id: 'prompt-not-found',
  statement: 'The prompt that a request names exists',
  source: 'SERVICE-FACTS 15a: published probe (ADAPTER)',
  status: 404,
  message: "Prompt with id '{id}' not found.",
  findBreach: ({ absentPromptId: id }) => (id === undefined ? undefined : { id }),
})

export const previousResponseNotFound = defineRule<HistoryRequest>({
  id: 'previous-response-not-found',
  statement: 'The previous response that a request names is stored and not deleted',
  source:
    'SERVICE-FACTS 1: unknown id recorded (rig nonexistent_previous_response_reference); store:false bigduu/Bamboo-agent#513; expired agno-agi/agno#9261; running foreground openai/openai-ruby#214; deleted: a guess',
  code: 'previous_response_not_found',
  param: 'previous_response_id',
  message: "Previous response with id '{id}' not found.",
  findBreach({ previousId, history }) {
    if (previousId === undefined) return undefined
    const known = history.findResponse(previousId)
    return (known ? known.canContinue : !history.isComplete) ? undefined : { id: previousId }
  },
  // How a deleted predecessor is refused, nobody has recorded (SERVICE-FACTS, Unknown 1).
  unknownFields: ({ previousId, history }) =>
    history.findResponse(previousId ?? '')?.isDeleted ? ['code', 'param'] : undefined,
})

/** The rules about the earlier response or the conversation that a request continues, in the order in which they are asked. */
export const historyRules: readonly RequestRule<HistoryRequest>[] = [
  conversationOrPreviousResponse,
  conversationNotFound,
  promptNotFound,
  noChainUnderZeroDataRetention,
  previousResponseNotFound,
]

/** Returns whether `previous_response_id` may name a response with this status, under these options. */
export function canContinue(
  status: ResponseStatus | undefined,
  isStored: boolean,
  options: FactOptions,
): boolean {
  switch (status) {
    case 'failed':
      return options.continueFailed === 'accept'
    case 'cancelled':
      return options.continueCancelled === 'accept'
    case 'queued':
    case 'in_progress':
      return options.continueRunning === 'accept'
    case 'completed':
    case 'incomplete':
    case undefined:
      return isStored
  }
}
