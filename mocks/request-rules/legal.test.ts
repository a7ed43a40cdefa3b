import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { factOptions } from '../service/options.ts'
import { createService } from '../service/service.ts'
import { callService } from '../service/testing/calls.ts'

const user = { role: 'user', content: 'hi' }
const calls = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' }
const output = { type: 'function_call_output', call_id: 'call_1', output: 'done' }
const strict = { type: 'object', properties: {}, required: [], additionalProperties: false }

/** What real clients send beside the plainest requests; nothing of it may be refused. */
const LEGAL: Record<string, JsonObject> = {
  'every nullable parameter as null': {
    ...Object.fromEntries(
      [
        ...[
          'background',
          'context_management',
          'conversation',
          'include',
          'instructions',
          'max_output_tokens',
        ],
        ...[
          'max_tool_calls',
          'metadata',
          'moderation',
          'parallel_tool_calls',
          'previous_response_id',
          'prompt',
        ],
        ...['prompt_cache_key', 'prompt_cache_retention', 'reasoning', 'safety_identifier', 'service_tier'],
        ...['store', 'stream', 'stream_options', 'temperature', 'top_logprobs', 'top_p', 'truncation'],
      ].map((key) => [key, null]),
    ),
  },
  'null where the types have none': { text: null, tools: null, tool_choice: null, user: null },
  'a format of null': { text: { format: null, verbosity: null } },
  'every other parameter': {
    access_programs: { cyber: 'standard' },
    image: { context_compression: 'auto' },
    moderation: { model: 'omni', policy: { input: null } },
    prompt_cache_options: {},
    context_management: [{ type: 'compaction', compact_threshold: 1000 }],
    prompt_cache_retention: '24h',
    service_tier: 'flex',
    top_logprobs: 20,
    safety_identifier: 's',
    user: 'u',
    reasoning: { effort: 'high', summary: 'auto', context: 'auto', mode: 'pro' },
  },
  'messages of every role': {
    input: ['user', 'assistant', 'developer', 'system'].map((role) => ({ role, content: 'x' })),
  },
  'images, files and audio': {
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
          { type: 'input_file', file_id: 'file-1' },
          { type: 'input_audio', input_audio: { data: '', format: 'mp3' } },
        ],
      },
    ],
  },
  'background options': { background: true, background_options: { completion_window: '2h' } },
  'items of 2026': {
    input: ['configuration_update', 'agent_message', 'multi_agent_call', 'multi_agent_call_output'].map(
      (type) => ({ type }),
    ),
  },
  'an async call without its output': { input: [user, { ...calls, async: true }, user] },
  'an output for a tool search of the client': {
    input: [{ type: 'tool_search_call', call_id: 'call_1', execution: 'client', arguments: {} }, output],
    tools: [{ type: 'tool_search' }],
  },
  'an output that is a list': {
    input: [calls, { ...output, output: [{ type: 'input_text', text: 'done' }] }],
  },
  'ids of null': {
    input: [
      { ...calls, id: null },
      { ...output, id: null, status: null },
    ],
  },
  'an id with the prefix and no underscore': { input: [{ ...calls, id: 'fc-1' }, output] },
  'items as the service lists them': { input: [{ ...calls, id: 'fc_1', created_by: 'user' }, output] },
  'a hosted tool, forced': { tools: [{ type: 'web_search' }], tool_choice: { type: 'web_search' } },
  'allowed tools': {
    tools: [{ type: 'function', name: 'f', parameters: strict, strict: true }],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
  },
  'a custom tool and an mcp server': {
    tools: [
      { type: 'custom', name: 'x', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      { type: 'mcp', server_label: 'd', server_url: 'https://example.com', require_approval: 'never' },
    ],
    tool_choice: { type: 'mcp', server_label: 'd' },
  },
  'a schema that is not strict': {
    text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object', properties: { a: {} } } } },
  },
}

const create = (body: JsonObject, stream: boolean, service = createService()) =>
  callService(service, 'POST', '/responses', JSON.stringify({ model: 'm', input: [user], ...body, stream }))

describe('a legal request', () => {
  it.each(Object.entries(LEGAL))('is not refused: %s', async (_, body) => {
    expect((await create(body, false)).json).toMatchObject({ object: 'response', error: null })
    expect((await create(body, true)).status).toBe(200)
  })

  it('for tokens or compaction may leave its parts null', async () => {
    const open = {
      instructions: null,
      previous_response_id: null,
      tools: null,
      text: null,
      tool_choice: null,
    }
    const body = JSON.stringify({ model: 'm', input: 'hi', ...open })
    expect((await callService(createService(), 'POST', '/responses/input_tokens', body)).status).toBe(200)
    const nothing = JSON.stringify({ model: null, input: null, ...open })
    expect((await callService(createService(), 'POST', '/responses/input_tokens', nothing)).status).toBe(200)
    expect((await callService(createService(), 'POST', '/responses/compact', body)).status).toBe(200)
  })

  it('is refused for null in an optional field where the option says so', async () => {
    const facts = factOptions.parse({ nullForOptional: 'refuse' })
    const { status, json } = await create({ tools: null }, false, createService({ facts }))
    expect({ status, json }).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_type', param: 'tools' } },
    })
  })

  it('may have null as the status of a call unless the option refuses it, and nowhere else', async () => {
    const input = [{ ...calls, status: null }, output]
    const facts = factOptions.parse({ nullStatusOfCall: 'refuse' })
    expect((await create({ input }, false)).status).toBe(200)
    expect((await create({ input }, false, createService({ facts }))).status).toBe(400)
    const message = { role: 'assistant', content: 'hello', status: null }
    expect((await create({ input: [message] }, false)).status).toBe(400)
    const reasoning = { type: 'reasoning', summary: [], status: null }
    expect((await create({ input: [reasoning] }, false)).json).toMatchObject({
      error: { code: 'unknown_parameter', param: 'input[0].status' },
    })
  })
})
