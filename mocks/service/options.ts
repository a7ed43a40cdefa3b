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
      'What the service keeps of a stored foreground response if its connection ends before the terminal event ' +
        '(SERVICE-FACTS 1, Unknown 5). keep-done-items (default; seen on OpenAI, openai/openai-agents-js#1241): the ' +
        'response and its conversation keep the items that were done on the wire, without reasoning at their end. ' +
        'If there are none, the response is cancelled. completed (openai/openai-node#2571): the response keeps the ' +
        'whole answer, the conversation gets nothing. cancelled (Azure contract B17): the response is cancelled and ' +
        'has no output. not-found (community thread 1362217): nothing is kept.',
    ),
  continueFailed: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'Whether previous_response_id may name a failed response (SERVICE-FACTS 1, Unknown 1). Default accept: nobody ' +
        'has seen a refusal. refuse answers previous_response_not_found.',
    ),
  continueCancelled: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'Whether previous_response_id may name a cancelled response (SERVICE-FACTS 1, Unknown 1). Default accept: nobody ' +
        'has seen a refusal.',
    ),
  continueRunning: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'Whether previous_response_id may name a queued or running background response (SERVICE-FACTS 1, Unknown 1). ' +
        'Default accept: openai/openai-ruby#214 suggests it. The chain then holds only the input of that response.',
    ),
  continueDeleted: z
    .enum(['accept', 'refuse'])
    .default('refuse')
    .describe(
      'Whether previous_response_id may name a deleted response (SERVICE-FACTS 1, Unknown 1). Default refuse: GET does ' +
        'not find a deleted response, and previous_response_not_found is the answer for a response that is not found.',
    ),
  zeroDataRetention: z
    .boolean()
    .default(false)
    .describe(
      'Whether the organisation is under Zero Data Retention. If so, previous_response_id is refused (SERVICE-FACTS 1). ' +
        'Code and param of this refusal are unknown, so they are null. Default false: most organisations are not.',
    ),
  everyKindAnswered: z
    .boolean()
    .default(false)
    .describe(
      'Whether all kinds of calls must be answered, not only function and custom tool calls (SERVICE-FACTS 2, ' +
        'Unknown 2). Default false: nobody has seen the refusal of another kind.',
    ),
  reasoningBeforeBareCall: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'A reasoning item with its id, followed by a call without one (SERVICE-FACTS 3: the recorded refusal is about a ' +
        'message without id). Default accept: the AI SDK sends such calls, and nobody has seen a refusal.',
    ),
  reasoningAloneUnstored: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'A reasoning item of a response that was not stored, with its encrypted_content and without the item that followed ' +
        'it (SERVICE-FACTS 3: the recorded refusal is about a stored response). Default accept: no recording shows the ' +
        'refusal under store:false.',
    ),
  secondOutput: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'A second output for one call_id (SERVICE-FACTS 3, Unknown 3). Default accept: nothing is known of OpenAI. ' +
        'refuse answers like the gateway of NousResearch/hermes-agent#102629.',
    ),
  nullForOptional: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'null in an optional field that the SDK types do not let be null: text, text.format, tools, tool_choice, user, ' +
        'the id of an input item (not known; SERVICE-FACTS 3 has the refusal for status only). Default accept, like an ' +
        'absent field: clients that write all fields send null, and nobody has seen a refusal. refuse answers ' +
        'invalid_type, as the service does for null in place of a text.',
    ),
  nullStatusOfCall: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'null as the status of a function_call in the input (SERVICE-FACTS 3 has the refusal for items). Default accept: ' +
        'two recordings of pydantic-ai on api.openai.com show 200. refuse: as Azure does ' +
        '(microsoft/agent-framework#4701, #4626). A null status of a reasoning item is refused in both cases.',
    ),
  incompleteCalls: z
    .enum(['need-no-output', 'need-output'])
    .default('need-no-output')
    .describe(
      'Whether a call with incomplete arguments must be answered before the conversation continues (not known). ' +
        'Default need-no-output. An output for such a call is accepted in both cases.',
    ),
  conversationAfterIncomplete: z
    .enum(['items', 'nothing'])
    .default('items')
    .describe(
      'Whether the input and output of an incomplete response are added to its conversation (SERVICE-FACTS 4, ' +
        'Unknown 6). Default items, because an incomplete response is stored and may be continued (SERVICE-FACTS 1). ' +
        'Reasoning at the end of the output is not added, because no turn could continue after it.',
    ),
  conversationAfterFailed: z
    .enum(['nothing', 'input'])
    .default('nothing')
    .describe(
      'Whether the input of a failed response is added to its conversation (SERVICE-FACTS 4, Unknown 6). ' +
        'Default nothing: the reference says that items are added after the response completes.',
    ),
  conversationLock: z
    .enum(['until-end', 'off'])
    .default('until-end')
    .describe(
      'How long a response locks its conversation (SERVICE-FACTS 4, Unknown 6). until-end (default): until its last ' +
        'event was sent or its connection ended. Then its items are added. off: never.',
    ),
  backgroundUnstored: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'background with store:false (SERVICE-FACTS 8, conflicting). accept (default, OpenAI’s guide): the response is ' +
        'kept for about ten minutes, see retentionMs. refuse: unsupported_parameter (Azure contract B13).',
    ),
  cancelCompleted: z
    .enum(['by-stream', 'accept', 'refuse'])
    .default('by-stream')
    .describe(
      'Cancelling a completed background response (SERVICE-FACTS 8, conflicting). by-stream (default, ADR-0009 on ' +
        'OpenAI): 400 if the response was created with stream:true, otherwise 200 with the response. accept: always ' +
        '200. refuse: always 400 (Azure).',
    ),
  cancelledStream: z
    .enum(['continues', 'ends-failed'])
    .default('continues')
    .describe(
      'The open stream of a background response that is cancelled (SERVICE-FACTS 8, Unknown 8). continues (default, ' +
        'ADR-0009 on OpenAI): the stream goes on to its end. ends-failed (Azure contract B11): response.failed with ' +
        'status cancelled.',
    ),
  deleteRunning: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'DELETE of a running background response (SERVICE-FACTS 8). Default accept: nothing is known of OpenAI. refuse: ' +
        'as in the Azure contract.',
    ),
  deletedResponse: z
    .enum(['not-found', 'deleted'])
    .default('not-found')
    .describe(
      'GET after DELETE (SERVICE-FACTS 8). Default not-found, which is recorded. deleted: the 400 of the Azure contract.',
    ),
  resumePastEnd: z
    .enum(['empty', 'refuse'])
    .default('empty')
    .describe(
      'starting_after at or after the last event (SERVICE-FACTS 7, Unknown 8). empty (default, Azure): 200 without an ' +
        'event. refuse: 400.',
    ),
  resumeUnstreamed: z
    .enum(['refuse', 'replay'])
    .default('refuse')
    .describe(
      'GET with stream=true of a background response that was created without it (SERVICE-FACTS 7). Default refuse ' +
        '(Azure agentserver). replay: its events are sent.',
    ),
  resumeRefusalCode: z
    .enum(['invalid_request_error', 'null'])
    .default('invalid_request_error')
    .describe(
      'The code of the refusal to stream a foreground response (SERVICE-FACTS 7, conflicting). Default ' +
        'invalid_request_error (openai/openai-python#2579, on OpenAI). null: as in the Azure contract.',
    ),
  resumeMs: z
    .int()
    .min(0)
    .default(300_000)
    .describe(
      'How long a background stream can be resumed, in ms after its creation. Default five minutes (SERVICE-FACTS 7).',
    ),
  retentionMs: z
    .int()
    .min(0)
    .default(600_000)
    .describe(
      'How long a background response with store:false is kept, in ms. Default ten minutes (SERVICE-FACTS 7, 8).',
    ),
  backgroundAdvance: z
    .enum(['poll', 'create'])
    .default('poll')
    .describe(
      'When a background response without a stream advances. SERVICE-FACTS 8 has its states, but not their times, and ' +
        'the service has no clock. poll (default): each GET shows the next of queued, in_progress and the end. create: ' +
        'the response has ended when it is created.',
    ),
  toolChoiceAbsent: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe(
      'A tool_choice that names a tool which is not among the tools (SERVICE-FACTS 15a). Default refuse: many reports ' +
        'quote the refusal for hosted tools. Of functions nobody has quoted it by name. accept: the answer has no call.',
    ),
  unknownModel: z
    .enum(['400', '404'])
    .default('400')
    .describe(
      'The status of the refusal of a model that does not exist (SERVICE-FACTS 15a, conflicting). Default 400, which is ' +
        'recorded and was probed in August 2026. 404: as a test of BerriAI/litellm#39457 expects since September 2026.',
    ),
  prompts: z
    .enum(['every', 'none'])
    .default('every')
    .describe(
      'Which prompts the service holds. Default every: a request may name any prompt id, because the service of this ' +
        'project has no endpoint for prompts. none: 404 for each (SERVICE-FACTS 15a, published probe).',
    ),
  longMetadataKey: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'A key of metadata with more than 64 characters (SERVICE-FACTS 15b). Default accept: the limit is documented, but ' +
        'nobody has seen the refusal.',
    ),
  mcpWithoutLabel: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'An mcp tool without server_label (SERVICE-FACTS 15a, 18). Default accept: nobody has seen a refusal. refuse ' +
        'answers as for a file_search without vector_store_ids.',
    ),
  adjacentUpdates: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'A configuration_update directly after another one (SERVICE-FACTS 15a, 18). Default accept: a guide is said to call ' +
        'it rejected, but nobody has seen the answer. refuse: 400 with param input.',
    ),
  socketLanes: z
    .enum(['many', 'one'])
    .default('many')
    .describe(
      'How many responses are made at once on a WebSocket (SERVICE-FACTS 13). many (default): one in each lane, up to 16. ' +
        'one: the older rule, which Azure, xAI and the Open Responses specification have.',
    ),
  tooLongInStream: z
    .enum(['http', 'event'])
    .default('http')
    .describe(
      'A streamed request with an input that is too long (SERVICE-FACTS 9). http (default, recorded): 400. event: HTTP ' +
        '200 with an error event and response.failed (anomalyco/opencode#6071).',
    ),
})

export type FactOptions = z.output<typeof factOptions>

export const defaultFacts: Readonly<FactOptions> = factOptions.parse({})
