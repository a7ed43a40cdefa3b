import type { JsonObject } from '../../json.ts'
import type { Recording } from '../../recordings/types.ts'
import {
  buildAnswer,
  buildCall,
  buildCreated,
  buildExchange,
  buildRefused,
  buildResponse,
  buildStreamed,
} from '../exchanges.ts'
import { message } from '../streamed-items.ts'
import { echoCases } from './echo.ts'
import { endpointCases } from './endpoints.ts'

const stream = { items: [message('msg_1', [{ text: 'Hi' }])] }
const tools = [{ type: 'function', name: 'look_up' }]
const deleted = (path: string): Recording =>
  buildExchange(
    { method: 'DELETE', path },
    {
      json: {
        id: path.split('/').at(-1) ?? '',
        object: path.includes('conversations') ? 'conversation.deleted' : 'response.deleted',
        deleted: true,
      },
    },
  )
const conversation = buildExchange(
  { path: '/v1/conversations', body: {} },
  { json: { id: 'conv_1', object: 'conversation' } },
)
const rs: JsonObject = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }

/**
 * For each rule: exchanges that keep the rule, and the same exchanges with the last one changed so that it breaks the
 * rule.
 */
export const exchangeCases: readonly [rule: string, kept: Recording[], broken: Recording[]][] = [
  [
    'error-body',
    [buildRefused(400, {})],
    [buildExchange({ body: {} }, { status: 400, json: { error: { message: 'No.' } } })],
  ],
  [
    'error-content-type',
    [buildRefused(400, {})],
    [
      {
        ...buildRefused(400, {}),
        response: { ...buildRefused(400, {}).response, headers: { 'content-type': 'text/html' } },
      },
    ],
  ],
  [
    'refusal-before-stream',
    [buildStreamed({}, stream)],
    [{ ...buildStreamed({}, stream), response: { ...buildStreamed({}, stream).response, status: 400 } }],
  ],
  ['stream-when-asked', [buildStreamed({}, stream)], [buildStreamed({ stream: false }, stream)]],
  ['stream-when-asked', [buildCreated({ stream: false })], [buildCreated({ stream: true })]],
  [
    'stream-content-type',
    [buildStreamed({}, stream)],
    [
      {
        ...buildStreamed({}, stream),
        response: { ...buildStreamed({}, stream).response, headers: { 'content-type': 'text/plain' } },
      },
    ],
  ],
  [
    'response-status',
    [buildCreated()],
    [buildCreated({}, { status: 'done', usage: null, completed_at: null })],
  ],
  ['response-usage', [buildCreated()], [buildCreated({}, { usage: null })]],
  [
    'response-usage',
    [buildCreated()],
    [buildCreated({}, { usage: { input_tokens: 1, output_tokens: 1, total_tokens: 3 } })],
  ],
  [
    'response-no-error',
    [buildCreated()],
    [buildCreated({}, { error: { code: 'server_error', message: 'No.' } })],
  ],
  [
    'response-incomplete-reason',
    [
      buildCreated(
        {},
        { status: 'incomplete', completed_at: null, incomplete_details: { reason: 'content_filter' } },
      ),
    ],
    [buildCreated({}, { status: 'incomplete', completed_at: null, incomplete_details: { reason: 'tired' } })],
  ],
  ['response-completed-at', [buildCreated()], [buildCreated({}, { completed_at: null })]],
  [
    'output-items-completed',
    [
      buildCreated(
        { tools },
        { tools, output: [{ ...buildCall('fc_1'), status: 'in_progress', caller: { type: 'program' } }] },
      ),
    ],
    [buildCreated({ tools }, { tools, output: [{ ...buildCall('fc_1'), status: 'in_progress' }] })],
  ],
  [
    'output-ids-unique',
    [buildCreated({}, { output: [buildAnswer('msg_1', 'a'), buildAnswer('msg_2', 'b')] })],
    [buildCreated({}, { output: [buildAnswer('msg_1', 'a'), buildAnswer('msg_1', 'b')] })],
  ],
  ['output-id-prefixes', [buildCreated()], [buildCreated({}, { output: [buildAnswer('m_1', 'a')] })]],
  [
    'call-ids-prefixed',
    [buildCreated({ tools }, { tools, output: [buildCall('fc_1')] })],
    [buildCreated({ tools }, { tools, output: [{ ...buildCall('fc_1'), call_id: 'x' }] })],
  ],
  [
    'calls-name-tools',
    [
      buildCreated(
        { tools: [...tools, { type: 'tool_search' }] },
        { tools, output: [buildCall('fc_1', 'other')] },
      ),
    ],
    [buildCreated({ tools }, { tools, output: [buildCall('fc_1', 'other')] })],
  ],
  [
    'structured-output-is-json',
    [buildCreated({ text: { format: { type: 'json_object' } } }, withFormat('{}'))],
    [buildCreated({ text: { format: { type: 'json_object' } } }, withFormat('Hi'))],
  ],
  [
    'one-call-without-parallel',
    [
      buildCreated(
        { tools, parallel_tool_calls: false },
        { tools, parallel_tool_calls: false, output: [buildCall('fc_1')] },
      ),
    ],
    [
      buildCreated(
        { tools, parallel_tool_calls: false },
        { tools, parallel_tool_calls: false, output: [buildCall('fc_1'), buildCall('fc_2')] },
      ),
    ],
  ],
  [
    'call-when-required',
    [
      buildCreated(
        { tools, tool_choice: 'required' },
        { tools, tool_choice: 'required', output: [buildCall('fc_1')] },
      ),
    ],
    [buildCreated({ tools, tool_choice: 'required' }, { tools, tool_choice: 'required' })],
  ],
  [
    'no-call-when-none',
    [buildCreated({ tools, tool_choice: 'none' }, { tools, tool_choice: 'none' })],
    [
      buildCreated(
        { tools, tool_choice: 'none' },
        { tools, tool_choice: 'none', output: [buildCall('fc_1')] },
      ),
    ],
  ],
  ...echoCases,
  ...endpointCases,
  [
    'items-share-lineage',
    [buildCreated({}, { id: hexId('resp', 'a'), output: [buildAnswer(hexId('msg', 'a'), 'Hi')] })],
    [buildCreated({}, { id: hexId('resp', 'a'), output: [buildAnswer(hexId('msg', 'b'), 'Hi')] })],
  ],
  [
    'chain-shares-lineage',
    [buildCreated({}, { id: hexId('resp', 'a'), previous_response_id: hexId('resp', 'a') })],
    [buildCreated({}, { id: hexId('resp', 'a'), previous_response_id: hexId('resp', 'b') })],
  ],
  [
    'conversation-or-previous-response',
    [
      buildRefused(
        400,
        { code: 'mutually_exclusive_parameters' },
        { previous_response_id: 'resp_0', conversation: 'conv_0' },
      ),
    ],
    [buildCreated({ previous_response_id: 'resp_0', conversation: 'conv_0' }, bothShown())],
  ],
  [
    'previous-response-held',
    [
      buildCreated(),
      buildCreated({ previous_response_id: 'resp_1' }, { id: 'resp_2', previous_response_id: 'resp_1' }),
    ],
    [
      buildCreated({ store: false }, { store: false }),
      buildCreated({ previous_response_id: 'resp_1' }, { id: 'resp_2', previous_response_id: 'resp_1' }),
    ],
  ],
  [
    'conversation-held',
    [conversation, buildCreated({ conversation: 'conv_1' }, { conversation: { id: 'conv_1' } })],
    [
      conversation,
      deleted('/v1/conversations/conv_1'),
      buildCreated({ conversation: 'conv_1' }, { conversation: { id: 'conv_1' } }),
    ],
  ],
  [
    'deleted-is-gone',
    [buildCreated(), fetched()],
    [buildCreated(), deleted('/v1/responses/resp_1'), fetched()],
  ],
  [
    'deleted-is-gone',
    [buildCreated({ store: false }, { store: false, background: true }), fetched()],
    [buildCreated({ store: false }), fetched()],
  ],
  [
    'refusal-form',
    [buildRefused(400, { code: 'unsupported_file', param: 'input' })],
    [buildRefused(404, { code: 'unsupported_file', param: 'input' })],
  ],
  [
    'refusal-proven',
    [
      buildRefused(
        400,
        { param: 'input', message: 'No tool output found for function call call_fc_1.' },
        { input: [buildCall('fc_1')] },
      ),
    ],
    [buildRefused(400, { param: 'input', message: 'No tool output found for function call call_fc_1.' })],
  ],
  [
    'calls-answered',
    [
      buildCreated({ tools }, { tools, output: [buildCall('fc_1')] }),
      buildRefused(400, { param: 'input' }, { previous_response_id: 'resp_1' }),
    ],
    [
      buildCreated({ tools }, { tools, output: [buildCall('fc_1')] }),
      buildCreated({ previous_response_id: 'resp_1' }, { id: 'resp_2', previous_response_id: 'resp_1' }),
    ],
  ],
  [
    'calls-answered',
    [buildRefused(400, { param: 'input' }, { input: [buildCall('fc_1')] })],
    [buildRefused(409, { param: 'input' }, { input: [buildCall('fc_1')] })],
  ],
  [
    'item-with-its-reasoning',
    [
      buildCreated({}, { output: [rs, buildAnswer('msg_1', 'a')] }),
      buildCreated({ input: [rs, buildAnswer('msg_1', 'a')] }, next()),
    ],
    [
      buildCreated({}, { output: [rs, buildAnswer('msg_1', 'a')] }),
      buildCreated({ input: [buildAnswer('msg_1', 'a')] }, next()),
    ],
  ],
]

function hexId(prefix: string, lineage: string): string {
  return `${prefix}_${lineage.repeat(16)}${'0'.repeat(34)}`
}

function withFormat(text: string): JsonObject {
  return { text: { format: { type: 'json_object' } }, output: [buildAnswer('msg_1', text)] }
}

function next(): JsonObject {
  return { id: 'resp_2', output: [buildAnswer('msg_2', 'b')] }
}

function bothShown(): JsonObject {
  return { previous_response_id: 'resp_0', conversation: { id: 'conv_0' } }
}

function fetched(): Recording {
  return buildExchange({ method: 'GET', path: '/v1/responses/resp_1' }, { json: buildResponse() })
}
