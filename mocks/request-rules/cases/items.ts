import type { JsonObject } from '../../json.ts'
import { queueScript } from '../../service/script.ts'
import { createRequest, defineCase, THOUGHT } from '../../service/testing/cases.ts'

const inputRefused = { status: 400, code: null, param: 'input' } as const
const user = { role: 'user', content: 'hi' }
const thinking = () => ({ script: queueScript([THOUGHT]) })
const output = (response: JsonObject) => response['output'] as [JsonObject, JsonObject]
const sealed = { include: ['reasoning.encrypted_content'] }

/** Returns the item with the last letter of its encrypted content changed. */
const tampered = (reasoning: JsonObject): JsonObject => {
  const content = String(reasoning['encrypted_content'])
  return { ...reasoning, encrypted_content: content.slice(0, -1) + (content.endsWith('0') ? '1' : '0') }
}

export const itemCases = [
  defineCase({
    rule: 'input-fields-present',
    name: 'a custom tool call without input / with it',
    refused: () => createRequest({ input: [{ type: 'custom_tool_call', call_id: 'c', name: 'n' }] }),
    accepted: () =>
      createRequest({
        input: [
          { type: 'custom_tool_call', call_id: 'c', name: 'n', input: 'x' },
          { type: 'custom_tool_call_output', call_id: 'c', output: 'y' },
        ],
      }),
    status: 400,
    code: 'missing_required_parameter',
    param: 'input[0].input',
  }),
  defineCase({
    rule: 'input-ids-well-formed',
    name: 'an empty id / a good one',
    refused: () => createRequest({ input: [{ type: 'message', id: '', role: 'user', content: 'x' }] }),
    accepted: () => createRequest({ input: [{ type: 'message', id: 'msg_1', role: 'user', content: 'x' }] }),
    status: 400,
    code: 'invalid_value',
    param: 'input[0].id',
  }),
  defineCase({
    rule: 'input-ids-prefixed',
    name: 'a message with the id of a call / of a message',
    refused: () => createRequest({ input: [{ type: 'message', id: 'fc_1', role: 'user', content: 'x' }] }),
    accepted: () => createRequest({ input: [{ type: 'message', id: 'msg_1', role: 'user', content: 'x' }] }),
    status: 400,
    code: 'invalid_id_prefix',
    param: 'input[0].id',
  }),
  defineCase({
    rule: 'items-unique',
    name: 'one id twice / two ids',
    refused: () =>
      createRequest({ input: ['msg_1', 'msg_1'].map((id) => ({ ...user, type: 'message', id })) }),
    accepted: () =>
      createRequest({ input: ['msg_1', 'msg_2'].map((id) => ({ ...user, type: 'message', id })) }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'items-unique',
    name: 'an item of the chain sent again with its id / without',
    history: ({ create }) => create({ input: 'hi' }),
    refused: (first) =>
      createRequest({ previous_response_id: first['id'] ?? null, input: [output(first)[0], user] }),
    accepted: (first) => {
      const { id: _, ...again } = output(first)[0]
      return createRequest({ previous_response_id: first['id'] ?? null, input: [again, user] })
    },
    ...inputRefused,
  }),
  defineCase({
    rule: 'items-unique',
    name: 'an item of the conversation sent again with its id / without',
    async history({ create, ask }) {
      const conversation = (await ask({ path: '/conversations', body: {} })).json['id'] ?? null
      return { conversation, first: await create({ input: 'hi', conversation }) }
    },
    refused: ({ conversation, first }) => createRequest({ conversation, input: [output(first)[0]] }),
    accepted: ({ conversation, first }) => {
      const { id: _, ...again } = output(first)[0]
      return createRequest({ conversation, input: [again] })
    },
    ...inputRefused,
  }),
  defineCase({
    rule: 'items-found',
    name: 'a reasoning item that was not stored, without its encrypted content / with it',
    setup: thinking,
    history: ({ create }) => create({ input: 'hi', store: false, ...sealed }),
    refused: (first) => {
      const [{ encrypted_content: _, ...bare }, message] = output(first)
      return createRequest({ store: false, input: [user, bare, message] })
    },
    accepted: (first) => createRequest({ store: false, input: [user, ...output(first)] }),
    status: 404,
    code: null,
    param: 'input',
  }),
  defineCase({
    rule: 'items-found',
    name: 'a reference to an unknown item / to a stored one',
    history: ({ create }) => create({ input: 'hi' }),
    refused: () => createRequest({ input: [{ type: 'item_reference', id: 'msg_unknown' }, user] }),
    accepted: (first) =>
      createRequest({ input: [{ type: 'item_reference', id: output(first)[0]['id'] ?? null }, user] }),
    status: 404,
    code: null,
    param: 'input',
  }),
  defineCase({
    rule: 'reasoning-followed',
    name: 'a reasoning item without / with the item that followed it',
    setup: thinking,
    history: ({ create }) => create({ input: 'hi' }),
    refused: (first) => createRequest({ input: [user, output(first)[0], user] }),
    accepted: (first) => createRequest({ input: [user, ...output(first), user] }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'item-with-its-reasoning',
    name: 'a message without / with the reasoning before it',
    setup: thinking,
    history: ({ create }) => create({ input: 'hi' }),
    refused: (first) => createRequest({ input: [user, output(first)[1]] }),
    accepted: (first) => createRequest({ input: [user, ...output(first)] }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'item-with-its-reasoning',
    name: 'a message without its reasoning, with its id / without',
    setup: thinking,
    history: ({ create }) => create({ input: 'hi' }),
    refused: (first) => createRequest({ input: [user, output(first)[1]] }),
    accepted: (first) => {
      const { id: _, ...plain } = output(first)[1]
      return createRequest({ input: [user, plain] })
    },
    ...inputRefused,
  }),
  defineCase({
    rule: 'encrypted-content-verified',
    name: 'encrypted content that was altered / as it came',
    setup: thinking,
    history: ({ create }) => create({ input: 'hi', store: false, ...sealed }),
    refused: (first) => createRequest({ input: [user, tampered(output(first)[0]), output(first)[1]] }),
    accepted: (first) => createRequest({ input: [user, ...output(first)] }),
    status: 400,
    code: 'invalid_encrypted_content',
    param: null,
  }),
]
