import { z } from 'zod'

/**
 * The options of the service. For each unknown or contradiction in SERVICE-FACTS, the service can behave in each way.
 * The defaults follow the best evidence. Without evidence the default is the answer that refuses least, because a
 * refusal that nobody has seen must not fail a runtime.
 */
export const factOptions = z.strictObject({
  afterCut: z
    .enum(['keep-done-items', 'completed', 'cancelled', 'not-found'])
    .default('keep-done-items')
    .describe(
      'What is kept of a stored foreground response whose connection ended before its terminal event, ' +
        'by a cancel or a break (SERVICE-FACTS 1, Unknown 5). keep-done-items (default; seen on OpenAI and fixed for in ' +
        'openai/openai-agents-js#1241): the response and its conversation hold the items that were done on the wire, ' +
        'without reasoning that nothing follows, and where none was, the response is cancelled; ' +
        'completed (openai/openai-node#2571): the whole answer is kept, but the conversation gets nothing; ' +
        'cancelled (Azure contract B17): a cancelled response without output; not-found (community thread 1362217).',
    ),
  continueFailed: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'Whether a failed response may be named as previous_response_id (SERVICE-FACTS 1, Unknown 1). ' +
        'Default accept: no refusal was ever seen. refuse answers previous_response_not_found.',
    ),
  continueCancelled: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'The same for a cancelled response (SERVICE-FACTS 1, Unknown 1). Default accept, for the same reason.',
    ),
  continueRunning: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'The same for a queued or running background response (SERVICE-FACTS 1, Unknown 1). ' +
        'Default accept: openai/openai-ruby#214 suggests it. The chain then holds what is known of it, its input.',
    ),
  continueDeleted: z
    .enum(['accept', 'refuse'])
    .default('refuse')
    .describe(
      'The same for a deleted response (SERVICE-FACTS 1, Unknown 1). Default refuse: GET says that it is not there, ' +
        'and previous_response_not_found is what a response that is not there gets.',
    ),
  zeroDataRetention: z
    .boolean()
    .default(false)
    .describe(
      'Whether the organisation is under Zero Data Retention: previous_response_id is refused (SERVICE-FACTS 1). ' +
        'Code and param of that refusal are unknown: null here. Default false: most organisations are not.',
    ),
  everyKindAnswered: z
    .boolean()
    .default(false)
    .describe(
      'Whether calls other than function and custom tool calls must be answered too (SERVICE-FACTS 2, Unknown 2). ' +
        'Default false: their refusal was never seen.',
    ),
  reasoningBeforeBareCall: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'Reasoning sent with its id, then a call sent without one (SERVICE-FACTS 3: only a message without id is recorded ' +
        'as refused). Default accept: the AI SDK sends such calls, and no refusal of them was seen.',
    ),
  secondOutput: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'A second output for one call_id (SERVICE-FACTS 3, Unknown 3). Default accept: nothing is known of OpenAI; ' +
        'refuse answers as the gateway of NousResearch/hermes-agent#102629 does.',
    ),
  nullForOptional: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'null in an optional field that the SDK types do not let be null: text, text.format, tools, tool_choice, user, the ' +
        'id of an input item (not known; SERVICE-FACTS 3 has it for status only). Default accept, as if it were absent: clients that write out all their fields send it, and ' +
        'no refusal was seen; refuse answers invalid_type, as the service does for null where a text must stand.',
    ),
  nullStatusOfCall: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe(
      'null as the status of a function_call in the input (SERVICE-FACTS 3 has its refusal for items). Default refuse ' +
        '(microsoft/agent-framework#4701, #4626: on Azure). accept: microsoft/agent-framework at 1.0.0rc2 sends it with ' +
        'each call that it repeats, and its handoffs were confirmed on Azure with it (#4053).',
    ),
  incompleteCalls: z
    .enum(['need-no-output', 'need-output'])
    .default('need-no-output')
    .describe(
      'Whether a call of an incomplete response, its arguments cut, must be answered to continue (not known). ' +
        'Default need-no-output; an output for it is accepted either way.',
    ),
  conversationAfterIncomplete: z
    .enum(['items', 'nothing'])
    .default('items')
    .describe(
      'Whether input and output of an incomplete response join its conversation (SERVICE-FACTS 4, Unknown 6). ' +
        'Default items, since an incomplete response is stored and may be continued (SERVICE-FACTS 1); ' +
        'reasoning that nothing follows stays out, since no turn could go on from it.',
    ),
  conversationAfterFailed: z
    .enum(['nothing', 'input'])
    .default('nothing')
    .describe(
      'Whether the input of a failed response joins its conversation (SERVICE-FACTS 4, Unknown 6). ' +
        'Default nothing: items are added after the response completes, says the reference.',
    ),
  conversationLock: z
    .enum(['until-end', 'off'])
    .default('until-end')
    .describe(
      'How long a response locks its conversation (SERVICE-FACTS 4, Unknown 6): until-end (default) until its last ' +
        'event was sent or its connection ended, which is when its items are added; off: never.',
    ),
  backgroundUnstored: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'background with store:false (SERVICE-FACTS 8, conflicting): accept (default, OpenAI’s guide: kept for about ten ' +
        'minutes, see retentionMs) or refuse with unsupported_parameter (Azure contract B13).',
    ),
  cancelCompleted: z
    .enum(['by-stream', 'accept', 'refuse'])
    .default('by-stream')
    .describe(
      'Cancelling a completed background response (SERVICE-FACTS 8, conflicting): by-stream (default, ADR-0009 on OpenAI): ' +
        '200 with the response, or 400 if it was created with stream:true; accept: always 200; refuse: always 400 (Azure).',
    ),
  cancelledStream: z
    .enum(['continues', 'ends-failed'])
    .default('continues')
    .describe(
      'The open stream of a background response that is cancelled (SERVICE-FACTS 8, Unknown 8): continues (default, ' +
        'ADR-0009 on OpenAI) to its end; ends-failed (Azure contract B11): response.failed with status cancelled.',
    ),
  deleteRunning: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'DELETE of a running background response (SERVICE-FACTS 8): refuse as the Azure contract does, or accept ' +
        '(default: of OpenAI nothing is known).',
    ),
  deletedResponse: z
    .enum(['not-found', 'deleted'])
    .default('not-found')
    .describe(
      'GET after DELETE (SERVICE-FACTS 8): not-found is recorded; deleted is the 400 of the Azure contract.',
    ),
  resumePastEnd: z
    .enum(['empty', 'refuse'])
    .default('empty')
    .describe(
      'starting_after at or past the last event (SERVICE-FACTS 7, Unknown 8): empty (default, Azure): 200 and no event.',
    ),
  resumeUnstreamed: z
    .enum(['refuse', 'replay'])
    .default('refuse')
    .describe(
      'GET with stream=true of a background response that was created without it (SERVICE-FACTS 7): refuse (default, ' +
        'Azure agentserver) or replay its events.',
    ),
  resumeRefusalCode: z
    .enum(['invalid_request_error', 'null'])
    .default('invalid_request_error')
    .describe(
      'The code of the refusal to stream a foreground response (SERVICE-FACTS 7, conflicting): invalid_request_error ' +
        '(default, openai/openai-python#2579, on OpenAI) or null (Azure contract).',
    ),
  resumeMs: z
    .int()
    .min(0)
    .default(300_000)
    .describe(
      'How long a background stream can be resumed, in ms from its creation: five minutes (SERVICE-FACTS 7).',
    ),
  retentionMs: z
    .int()
    .min(0)
    .default(600_000)
    .describe(
      'How long a background response with store:false is kept, in ms: ten minutes (SERVICE-FACTS 7, 8).',
    ),
  backgroundAdvance: z
    .enum(['poll', 'create'])
    .default('poll')
    .describe(
      'When a background response without stream moves on (SERVICE-FACTS 8 shows its states, not their times). The service keeps no time of its own: poll (default): each ' +
        'GET shows the next of queued, in_progress and the end; create: it has ended when it was created.',
    ),
  toolChoiceAbsent: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'A tool_choice that names a function which tools lack (SERVICE-FACTS, Unknown 9). Default accept: no refusal is ' +
        'recorded; the service then gives the answer without a call.',
    ),
  tooLongInStream: z
    .enum(['http', 'event'])
    .default('http')
    .describe(
      'A streamed request whose input is too long (SERVICE-FACTS 9): http (default, recorded): 400; event: HTTP 200 with an ' +
        'error event and response.failed (anomalyco/opencode#6071).',
    ),
})

export type FactOptions = z.output<typeof factOptions>

export const defaultFacts: Readonly<FactOptions> = factOptions.parse({})
