import type { JsonObject } from '../../json.ts'
import type { Recording } from '../../recordings/types.ts'
import { answer, called, created, pair, refusedWith, responseObject, streamed } from '../exchanges.ts'
import { message } from '../streamed-items.ts'
import { echoCases } from './echo.ts'
import { endpointCases } from './endpoints.ts'

const stream = { items: [message('msg_1', [{ text: 'Hi' }])] }
const tools = [{ type: 'function', name: 'look_up' }]
const deleted = (path: string): Recording =>
  pair(
    { method: 'DELETE', path },
    {
      json: {
        id: path.split('/').at(-1) ?? '',
        object: path.includes('conversations') ? 'conversation.deleted' : 'response.deleted',
        deleted: true,
      },
    },
  )
const conversation = pair(
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
    [refusedWith(400, {})],
    [pair({ body: {} }, { status: 400, json: { error: { message: 'No.' } } })],
  ],
  [
    'error-content-type',
    [refusedWith(400, {})],
    [
      {
        ...refusedWith(400, {}),
        response: { ...refusedWith(400, {}).response, headers: { 'content-type': 'text/html' } },
      },
    ],
  ],
  [
    'refusal-before-stream',
    [streamed({}, stream)],
    [{ ...streamed({}, stream), response: { ...streamed({}, stream).response, status: 400 } }],
  ],
  ['stream-when-asked', [streamed({}, stream)], [streamed({ stream: false }, stream)]],
  ['stream-when-asked', [created({ stream: false })], [created({ stream: true })]],
  [
    'stream-content-type',
    [streamed({}, stream)],
    [
      {
        ...streamed({}, stream),
        response: { ...streamed({}, stream).response, headers: { 'content-type': 'text/plain' } },
      },
    ],
  ],
  ['response-status', [created()], [created({}, { status: 'done', usage: null, completed_at: null })]],
  ['response-usage', [created()], [created({}, { usage: null })]],
  [
    'response-usage',
    [created()],
    [created({}, { usage: { input_tokens: 1, output_tokens: 1, total_tokens: 3 } })],
  ],
  ['response-no-error', [created()], [created({}, { error: { code: 'server_error', message: 'No.' } })]],
  [
    'response-incomplete-reason',
    [
      created(
        {},
        { status: 'incomplete', completed_at: null, incomplete_details: { reason: 'content_filter' } },
      ),
    ],
    [created({}, { status: 'incomplete', completed_at: null, incomplete_details: { reason: 'tired' } })],
  ],
  ['response-completed-at', [created()], [created({}, { completed_at: null })]],
  [
    'output-items-completed',
    [
      created(
        { tools },
        { tools, output: [{ ...called('fc_1'), status: 'in_progress', caller: { type: 'program' } }] },
      ),
    ],
    [created({ tools }, { tools, output: [{ ...called('fc_1'), status: 'in_progress' }] })],
  ],
  [
    'output-ids-unique',
    [created({}, { output: [answer('msg_1', 'a'), answer('msg_2', 'b')] })],
    [created({}, { output: [answer('msg_1', 'a'), answer('msg_1', 'b')] })],
  ],
  ['output-id-prefixes', [created()], [created({}, { output: [answer('m_1', 'a')] })]],
  [
    'call-ids-prefixed',
    [created({ tools }, { tools, output: [called('fc_1')] })],
    [created({ tools }, { tools, output: [{ ...called('fc_1'), call_id: 'x' }] })],
  ],
  [
    'calls-name-tools',
    [created({ tools: [...tools, { type: 'tool_search' }] }, { tools, output: [called('fc_1', 'other')] })],
    [created({ tools }, { tools, output: [called('fc_1', 'other')] })],
  ],
  [
    'structured-output-is-json',
    [created({ text: { format: { type: 'json_object' } } }, withFormat('{}'))],
    [created({ text: { format: { type: 'json_object' } } }, withFormat('Hi'))],
  ],
  [
    'one-call-without-parallel',
    [
      created(
        { tools, parallel_tool_calls: false },
        { tools, parallel_tool_calls: false, output: [called('fc_1')] },
      ),
    ],
    [
      created(
        { tools, parallel_tool_calls: false },
        { tools, parallel_tool_calls: false, output: [called('fc_1'), called('fc_2')] },
      ),
    ],
  ],
  [
    'call-when-required',
    [
      created(
        { tools, tool_choice: 'required' },
        { tools, tool_choice: 'required', output: [called('fc_1')] },
      ),
    ],
    [created({ tools, tool_choice: 'required' }, { tools, tool_choice: 'required' })],
  ],
  [
    'no-call-when-none',
    [created({ tools, tool_choice: 'none' }, { tools, tool_choice: 'none' })],
    [created({ tools, tool_choice: 'none' }, { tools, tool_choice: 'none', output: [called('fc_1')] })],
  ],
  ...echoCases,
  ...endpointCases,
  [
    'items-share-lineage',
    [created({}, { id: hexId('resp', 'a'), output: [answer(hexId('msg', 'a'), 'Hi')] })],
    [created({}, { id: hexId('resp', 'a'), output: [answer(hexId('msg', 'b'), 'Hi')] })],
  ],
  [
    'chain-shares-lineage',
    [created({}, { id: hexId('resp', 'a'), previous_response_id: hexId('resp', 'a') })],
    [created({}, { id: hexId('resp', 'a'), previous_response_id: hexId('resp', 'b') })],
  ],
  [
    'conversation-or-previous-response',
    [
      refusedWith(
        400,
        { code: 'mutually_exclusive_parameters' },
        { previous_response_id: 'resp_0', conversation: 'conv_0' },
      ),
    ],
    [created({ previous_response_id: 'resp_0', conversation: 'conv_0' }, bothShown())],
  ],
  [
    'previous-response-held',
    [
      created(),
      created({ previous_response_id: 'resp_1' }, { id: 'resp_2', previous_response_id: 'resp_1' }),
    ],
    [
      created({ store: false }, { store: false }),
      created({ previous_response_id: 'resp_1' }, { id: 'resp_2', previous_response_id: 'resp_1' }),
    ],
  ],
  [
    'conversation-held',
    [conversation, created({ conversation: 'conv_1' }, { conversation: { id: 'conv_1' } })],
    [
      conversation,
      deleted('/v1/conversations/conv_1'),
      created({ conversation: 'conv_1' }, { conversation: { id: 'conv_1' } }),
    ],
  ],
  ['deleted-is-gone', [created(), fetched()], [created(), deleted('/v1/responses/resp_1'), fetched()]],
  [
    'deleted-is-gone',
    [created({ store: false }, { store: false, background: true }), fetched()],
    [created({ store: false }), fetched()],
  ],
  [
    'refusal-form',
    [refusedWith(400, { code: 'unsupported_file', param: 'input' })],
    [refusedWith(404, { code: 'unsupported_file', param: 'input' })],
  ],
  [
    'refusal-proven',
    [
      refusedWith(
        400,
        { param: 'input', message: 'No tool output found for function call call_fc_1.' },
        { input: [called('fc_1')] },
      ),
    ],
    [refusedWith(400, { param: 'input', message: 'No tool output found for function call call_fc_1.' })],
  ],
  [
    'calls-answered',
    [
      created({ tools }, { tools, output: [called('fc_1')] }),
      refusedWith(400, { param: 'input' }, { previous_response_id: 'resp_1' }),
    ],
    [
      created({ tools }, { tools, output: [called('fc_1')] }),
      created({ previous_response_id: 'resp_1' }, { id: 'resp_2', previous_response_id: 'resp_1' }),
    ],
  ],
  [
    'calls-answered',
    [refusedWith(400, { param: 'input' }, { input: [called('fc_1')] })],
    [refusedWith(409, { param: 'input' }, { input: [called('fc_1')] })],
  ],
  [
    'item-with-its-reasoning',
    [
      created({}, { output: [rs, answer('msg_1', 'a')] }),
      created({ input: [rs, answer('msg_1', 'a')] }, next()),
    ],
    [created({}, { output: [rs, answer('msg_1', 'a')] }), created({ input: [answer('msg_1', 'a')] }, next())],
  ],
]

function hexId(prefix: string, lineage: string): string {
  return `${prefix}_${lineage.repeat(16)}${'0'.repeat(34)}`
}

function withFormat(text: string): JsonObject {
  return { text: { format: { type: 'json_object' } }, output: [answer('msg_1', text)] }
}

function next(): JsonObject {
  return { id: 'resp_2', output: [answer('msg_2', 'b')] }
}

function bothShown(): JsonObject {
  return { previous_response_id: 'resp_0', conversation: { id: 'conv_0' } }
}

function fetched(): Recording {
  return pair({ method: 'GET', path: '/v1/responses/resp_1' }, { json: responseObject() })
}
