import type { Rule } from '../types.ts'

/** Differences that genuine or compatible servers show. The checker names them and accepts the stream. */
export const QUIRKS = {
  noSequenceNumber: {
    id: 'no-sequence-number',
    statement: 'No event of the stream has a sequence_number',
    source: 'GRAMMAR R02a: 8 of 638, all of early 2025',
  },
  resumed: {
    id: 'resumed',
    statement:
      'The stream begins after response.created, as a resumed stream does (GET ?stream=true&starting_after=N)',
    source: 'GRAMMAR G40; SERVICE-FACTS 7',
  },
  interleavedItems: {
    id: 'interleaved-items',
    statement: 'Several mcp_list_tools items are open at once',
    source: 'GRAMMAR R14: 1 of 632, with three MCP servers',
  },
  itemsWithoutDone: {
    id: 'items-without-done',
    statement: 'An mcp_list_tools item that is open together with others never gets its output_item.done',
    source: 'GRAMMAR R15: 1 of 616, with three MCP servers',
  },
  emptyTerminalOutput: {
    id: 'empty-terminal-output',
    statement: 'response.completed shows output [] although items were streamed (ChatGPT-backed service)',
    source: 'GRAMMAR R26a: 33 of 616',
  },
  encryptedContentDiffers: {
    id: 'encrypted-content-differs',
    statement: 'encrypted_content in the terminal event differs from that in output_item.done',
    source: 'GRAMMAR R26b: 88 of 616, with the empty outputs',
  },
  errorEventNested: {
    id: 'error-event-nested',
    statement: 'The error event nests its fields under error, unlike the documented flat form',
    source: 'SERVICE-FACTS 6: recorded 3 of 3',
  },
  errorEventFlat: {
    id: 'error-event-flat',
    statement: 'The error event has its fields at the top, as documented and as other servers send it',
    source: 'SERVICE-FACTS 6; SDK type ResponseErrorEvent',
  },
  errorEventFirst: {
    id: 'error-event-first',
    statement: 'An error event comes before response.in_progress, or as the first event of the stream',
    source: 'API reference: error is emitted when an error occurs, at no fixed place',
  },
  errorEventLast: {
    id: 'error-event-last',
    statement: 'The stream ends with an error event. No response.failed follows',
    source:
      'API reference: error; anomalyco/opencode#6071 shows no more. Recorded: response.failed follows, 3 of 3',
  },
  reasoningTextBare: {
    id: 'reasoning-text-bare',
    statement: 'Reasoning text streams without the content_part events around it (open-weight models)',
    source:
      'SDK type ResponseReasoningTextDeltaEvent; vLLM has reasoning_part events instead, others have none',
  },
  reasoningStatus: {
    id: 'reasoning-status',
    statement: 'A reasoning item has a status in the stream',
    source: 'SDK type ResponseReasoningItem.status; GRAMMAR R18c: never at OpenAI, 149 of 149',
  },
  approvedCallTold: {
    id: 'approved-call-told',
    statement: 'The arguments of an approved mcp_call are known when it is added, and are not streamed again',
    source: 'SDK type ResponseItem.McpCall.approval_request_id; no stream of one is recorded',
  },
  unknownPart: {
    id: 'unknown-part',
    statement: 'The grammar does not know the type of a content part, and does not check its events',
    source: 'API reference: types may be added at any time',
  },
  doneSentinel: {
    id: 'done-sentinel',
    statement: 'The stream is closed by data: [DONE], as compatible servers do',
    source: 'GRAMMAR R05: never at OpenAI, 17 of 70 elsewhere',
  },
  unknownEvent: {
    id: 'unknown-event',
    statement: 'The grammar does not know the type of an event, and checks only its number',
    source: 'API reference: event types may be added at any time',
  },
  unknownItem: {
    id: 'unknown-item',
    statement: 'The grammar does not know the type of an item, and does not check its events',
    source: 'API reference: item types may be added at any time',
  },
  itemAddedCompleted: {
    id: 'item-added-completed',
    statement: 'An item is added with status completed instead of in_progress',
    source: 'GRAMMAR R18a: message 6 of 461, program_output 1 of 1, shell_call_output 2 of 2',
  },
  itemDoneUnfinished: {
    id: 'item-done-unfinished',
    statement: 'A hosted call in a completed stream is done with a status other than completed (Azure)',
    source: 'GRAMMAR R18b: image_generation_call 1 of 2, web_search_call 1 of 33',
  },
  hostedCallWithoutCompleted: {
    id: 'hosted-call-without-completed',
    statement:
      'A web search or image generation is done without its .completed event, or a failed or incomplete hosted call lacks its last events',
    source:
      'GRAMMAR, per-item patterns: web_search_call 1 of 33, image_generation_call 1 of 2; of failed calls: no event tells of it (SDK types)',
  },
  programmaticCallStatus: {
    id: 'programmatic-call-status',
    statement: 'A function_call that a program made is done with a status other than completed',
    source: 'GRAMMAR R18b, J65: programmatic tool calling, 2 of 193',
  },
  repeatedProgress: {
    id: 'repeated-progress',
    statement: 'mcp_call.in_progress is repeated between the deltas of the arguments and their done event',
    source: 'GRAMMAR, per-item patterns: mcp_call 1 of 7',
  },
  cancelledAsFailed: {
    id: 'cancelled-as-failed',
    statement: 'The terminal event is response.failed and its response.status cancelled (Azure)',
    source: 'SERVICE-FACTS 8: Azure contract B11',
  },
  obfuscationUnpadded: {
    id: 'obfuscation-unpadded',
    statement: 'The length of delta and obfuscation together is not a multiple of 16 (redacted cassettes)',
    source: 'SERVICE-FACTS 10',
  },
} as const satisfies Record<string, Rule>

export const streamQuirks: readonly Rule[] = Object.values(QUIRKS)
