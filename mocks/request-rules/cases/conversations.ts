import { type Before, createRequest, defineCase, holdStreams } from '../../service/testing/cases.ts'

const notFound = { status: 404, code: null, param: null } as const
const made = async ({ ask }: Before) => String((await ask({ path: '/conversations', body: {} })).json['id'])
const message = { type: 'message', role: 'user', content: 'x' }

/** Creates a conversation with one item. */
const seeded = async ({ ask }: Before) => {
  const { json } = await ask({ path: '/conversations', body: { items: [message] } })
  const list = await ask({ method: 'GET', path: `/conversations/${String(json['id'])}/items` })
  return { id: String(json['id']), item: String(list.json['first_id']) }
}

export const conversationCases = [
  defineCase({
    rule: 'conversation-not-found',
    name: 'a response in an unknown conversation / in a known one',
    history: made,
    refused: () => createRequest({ conversation: 'conv_unknown' }),
    accepted: (id) => createRequest({ conversation: id }),
    ...notFound,
  }),
  defineCase({
    rule: 'conversation-not-found',
    name: 'deleting a conversation again / at first',
    async history(before) {
      const [gone, kept] = [await made(before), await made(before)]
      await before.ask({ method: 'DELETE', path: `/conversations/${gone}` })
      return { gone, kept }
    },
    refused: ({ gone }) => ({ method: 'DELETE', path: `/conversations/${gone}` }),
    accepted: ({ kept }) => ({ method: 'DELETE', path: `/conversations/${kept}` }),
    ...notFound,
  }),
  defineCase({
    rule: 'conversation-locked',
    name: 'two responses at once in one conversation / in two',
    setup: () => ({ gate: holdStreams }),
    async history(before) {
      const [busy, free] = [await made(before), await made(before)]
      const body = JSON.stringify({ model: 'm', input: 'hi', stream: true, conversation: busy })
      await before.service.handle(new Request('http://service.test/v1/responses', { method: 'POST', body }))
      return { busy, free }
    },
    refused: ({ busy }) => createRequest({ conversation: busy }),
    accepted: ({ free }) => createRequest({ conversation: free }),
    status: 400,
    code: 'conversation_locked',
    param: 'conversation',
  }),
  defineCase({
    rule: 'conversation-locked',
    name: 'a second response while the first is streamed / after its end',
    setup: () => ({ gate: holdStreams }),
    async history(before) {
      const id = await made(before)
      const body = JSON.stringify({ model: 'm', input: 'hi', stream: true, conversation: id })
      const held = await before.service.handle(
        new Request('http://service.test/v1/responses', { method: 'POST', body }),
      )
      return { id, held }
    },
    refused: ({ id }) => createRequest({ conversation: id }),
    accepted: ({ id, held }) => {
      void held.body?.cancel()
      return createRequest({ conversation: id })
    },
    status: 400,
    code: 'conversation_locked',
    param: 'conversation',
  }),
  defineCase({
    rule: 'conversation-item-not-found',
    name: 'an item that the conversation lacks / has',
    history: seeded,
    refused: ({ id }) => ({ method: 'GET', path: `/conversations/${id}/items/msg_unknown` }),
    accepted: ({ id, item }) => ({ method: 'GET', path: `/conversations/${id}/items/${item}` }),
    ...notFound,
  }),
  defineCase({
    rule: 'conversation-item-not-found',
    name: 'deleting an item that the conversation lacks / has',
    history: seeded,
    refused: ({ id }) => ({ method: 'DELETE', path: `/conversations/${id}/items/msg_unknown` }),
    accepted: ({ id, item }) => ({ method: 'DELETE', path: `/conversations/${id}/items/${item}` }),
    ...notFound,
  }),
  defineCase({
    rule: 'array-above-max-length',
    name: '21 items at once / 20',
    refused: () => ({ path: '/conversations', body: { items: Array.from({ length: 21 }, () => message) } }),
    accepted: () => ({ path: '/conversations', body: { items: Array.from({ length: 20 }, () => message) } }),
    status: 400,
    code: 'array_above_max_length',
    param: 'items',
  }),
]
