import { isObject, type JsonObject } from '../../json.ts'
import { queueScript } from '../../service/script.ts'
import {
  type Before,
  CALL,
  createRequest,
  defineCase,
  holdStreams,
  TEXT,
  tools,
} from '../../service/testing/cases.ts'
import type { Answer } from '../../service/types.ts'

const previous = { status: 400, code: 'previous_response_not_found', param: 'previous_response_id' } as const
const twoResponses = async ({ create }: Before) => ({
  kept: await create({ input: 'hi' }),
  dropped: await create({ input: 'hi', store: false }),
})
const continues = ({ id }: JsonObject) => createRequest({ previous_response_id: id ?? null })

/** The id of a response whose stream is open, taken from its first event. */
async function openedId({ service }: Before, background: boolean): Promise<JsonObject> {
  const body = JSON.stringify({ model: 'm', input: 'hi', stream: true, background })
  const response = await service.handle(
    new Request('http://service.test/v1/responses', { method: 'POST', body }),
  )
  const reader = response.body?.getReader()
  let text = ''
  while (reader !== undefined && !text.includes('data: '))
    text += new TextDecoder().decode((await reader.read()).value)
  const data = text.split('data: ')[1] ?? '{}'
  const { response: begun } = JSON.parse(data) as JsonObject
  return isObject(begun) ? begun : {}
}

const failing: Answer = { items: TEXT.items, faults: [{ kind: 'failed', at: 0, code: 'server_error' }] }

export const chainCases = [
  defineCase({
    rule: 'previous-response-not-found',
    name: 'an unknown id / a known one',
    history: twoResponses,
    refused: () => createRequest({ previous_response_id: 'resp_0000' }),
    accepted: ({ kept }) => continues(kept),
    ...previous,
  }),
  defineCase({
    rule: 'previous-response-not-found',
    name: 'a predecessor with store:false / with store:true',
    history: twoResponses,
    refused: ({ dropped }) => continues(dropped),
    accepted: ({ kept }) => continues(kept),
    ...previous,
  }),
  defineCase({
    rule: 'previous-response-not-found',
    name: 'a deleted predecessor / another of the same service',
    async history({ create, ask }) {
      const [gone, kept] = [await create({ input: 'hi' }), await create({ input: 'hi' })]
      await ask({ method: 'DELETE', path: `/responses/${String(gone['id'])}` })
      return { gone, kept }
    },
    refused: ({ gone }) => continues(gone),
    accepted: ({ kept }) => continues(kept),
    ...previous,
  }),
  defineCase({
    rule: 'previous-response-not-found',
    name: 'a deleted predecessor where continueDeleted is refuse / accept',
    acceptedSetup: () => ({ facts: { continueDeleted: 'accept' } }),
    async history({ create, ask }) {
      const gone = await create({ input: 'hi' })
      await ask({ method: 'DELETE', path: `/responses/${String(gone['id'])}` })
      return gone
    },
    refused: continues,
    accepted: continues,
    ...previous,
  }),
  defineCase({
    rule: 'previous-response-not-found',
    name: 'a running foreground response / a running background one',
    setup: () => ({ gate: holdStreams }),
    history: async (before) => ({
      foreground: await openedId(before, false),
      background: await openedId(before, true),
    }),
    refused: ({ foreground }) => continues(foreground),
    accepted: ({ background }) => continues(background),
    ...previous,
  }),
  defineCase({
    rule: 'previous-response-not-found',
    name: 'a failed predecessor where continueFailed is refuse / accept',
    setup: () => ({ script: queueScript([failing]), facts: { continueFailed: 'refuse' } }),
    acceptedSetup: () => ({ script: queueScript([failing]) }),
    history: ({ create }) => create({ input: 'fails' }),
    refused: continues,
    accepted: continues,
    ...previous,
  }),
  defineCase({
    rule: 'previous-response-not-found',
    name: 'a cancelled predecessor where continueCancelled is refuse / accept',
    setup: () => ({ facts: { continueCancelled: 'refuse' } }),
    acceptedSetup: () => ({}),
    async history({ create, ask }) {
      const { id } = await create({ input: 'hi', background: true })
      return (await ask({ path: `/responses/${String(id)}/cancel` })).json
    },
    refused: continues,
    accepted: continues,
    ...previous,
  }),
  defineCase({
    rule: 'previous-response-not-found',
    name: 'a running background predecessor where continueRunning is refuse / accept',
    setup: () => ({ facts: { continueRunning: 'refuse' } }),
    acceptedSetup: () => ({}),
    history: ({ create }) => create({ input: 'hi', background: true }),
    refused: continues,
    accepted: continues,
    ...previous,
  }),
  defineCase({
    rule: 'conversation-or-previous-response',
    name: 'a conversation and a previous response / the conversation alone',
    history: async ({ create, ask }) => ({
      response: await create({ input: 'hi' }),
      conversation: (await ask({ path: '/conversations', body: {} })).json,
    }),
    refused: ({ response, conversation }) =>
      createRequest({
        previous_response_id: response['id'] ?? null,
        conversation: conversation['id'] ?? null,
      }),
    accepted: ({ conversation }) => createRequest({ conversation: { id: conversation['id'] ?? null } }),
    status: 400,
    code: 'mutually_exclusive_parameters',
    param: null,
  }),
  defineCase({
    rule: 'no-chain-under-zero-data-retention',
    name: 'a previous response / none, under zero data retention',
    setup: () => ({ facts: { zeroDataRetention: true } }),
    history: ({ create }) => create({ input: 'hi' }),
    refused: continues,
    accepted: () => createRequest({}),
    status: 400,
    code: null,
    param: null,
  }),
]

const calling = () => ({ script: queueScript([CALL]) })
const answers = (...items: JsonObject[]) => items
const inputRefused = { status: 400, code: null, param: 'input' } as const

function callOf(response: JsonObject): JsonObject {
  const output = Array.isArray(response['output']) ? response['output'] : []
  return output.filter(isObject).find(({ type }) => type === 'function_call') ?? {}
}

const outputFor = (response: JsonObject): JsonObject => ({
  type: 'function_call_output',
  call_id: callOf(response)['call_id'] ?? '',
  output: 'done',
})

export const callCases = [
  defineCase({
    rule: 'calls-answered',
    name: 'chain: an open call and a user message / its output beside the message',
    setup: calling,
    history: ({ create }) => create({ input: 'hi', tools }),
    refused: ({ id }) => createRequest({ previous_response_id: id ?? null }),
    accepted: (first) =>
      createRequest({
        previous_response_id: first['id'] ?? null,
        input: answers(outputFor(first), { role: 'user', content: 'and?' }),
      }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'calls-answered',
    name: 'chain: one of two parallel calls answered / both',
    setup: () => ({ script: queueScript([{ items: [...CALL.items, ...CALL.items], always: true }]) }),
    history: ({ create }) => create({ input: 'hi', tools }),
    refused: (first) =>
      createRequest({ previous_response_id: first['id'] ?? null, input: [outputFor(first)] }),
    accepted: (first) => {
      const calls = (first['output'] as JsonObject[]).map(({ call_id }) => ({
        ...outputFor(first),
        call_id: call_id ?? '',
      }))
      return createRequest({ previous_response_id: first['id'] ?? null, input: calls })
    },
    ...inputRefused,
  }),
  defineCase({
    rule: 'calls-answered',
    name: 'history in the input: a call without output / with it',
    setup: calling,
    history: ({ create }) => create({ input: 'hi', tools, store: false }),
    refused: (first) => createRequest({ input: answers({ role: 'user', content: 'hi' }, callOf(first)) }),
    accepted: (first) =>
      createRequest({ input: answers({ role: 'user', content: 'hi' }, callOf(first), outputFor(first)) }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'calls-answered',
    name: 'conversation: an open call / its output',
    setup: calling,
    async history({ create, ask }) {
      const { id: conversation } = (await ask({ path: '/conversations', body: {} })).json
      return {
        conversation: conversation ?? null,
        first: await create({ input: 'hi', tools, conversation: conversation ?? null }),
      }
    },
    refused: ({ conversation }) => createRequest({ conversation }),
    accepted: ({ conversation, first }) => createRequest({ conversation, input: [outputFor(first)] }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'calls-answered',
    name: 'a computer call without output where every kind must be answered / as by default',
    setup: () => ({ facts: { everyKindAnswered: true } }),
    acceptedSetup: () => ({}),
    refused: () => createRequest({ input: [{ type: 'computer_call', call_id: 'call_1' }] }),
    accepted: () => createRequest({ input: [{ type: 'computer_call', call_id: 'call_1' }] }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'outputs-have-calls',
    name: 'an output without its call / with it',
    refused: () =>
      createRequest({ input: [{ type: 'function_call_output', call_id: 'call_1', output: 'x' }] }),
    accepted: () =>
      createRequest({
        input: [
          { type: 'function_call', call_id: 'call_1', name: 'lookup', arguments: '{}' },
          { type: 'function_call_output', call_id: 'call_1', output: 'x' },
        ],
      }),
    ...inputRefused,
  }),
  defineCase({
    rule: 'call-answered-once',
    name: 'two outputs for one call where secondOutput is refuse / one',
    setup: () => ({ ...calling(), facts: { secondOutput: 'refuse' } }),
    history: ({ create }) => create({ input: 'hi', tools }),
    refused: (first) =>
      createRequest({
        previous_response_id: first['id'] ?? null,
        input: [outputFor(first), outputFor(first)],
      }),
    accepted: (first) =>
      createRequest({ previous_response_id: first['id'] ?? null, input: [outputFor(first)] }),
    ...inputRefused,
  }),
]
