import { type Asked, type Before, createRequest, defineCase } from '../../service/testing/cases.ts'

const notFound = { status: 404, code: null, param: null } as const
const refusedPlainly = { status: 400, code: null, param: null } as const
const notStreamed = { status: 400, code: null, param: 'stream' } as const

const made =
  (...bodies: Parameters<Before['create']>[0][]) =>
  async ({ create }: Before) => {
    const ids: string[] = []
    for (const body of bodies) ids.push(String((await create({ input: 'hi', ...body }))['id']))
    return ids as [string, string]
  }

const get = (id: string, query = ''): Asked => ({ method: 'GET', path: `/responses/${id}${query}` })
const cancel = (id: string): Asked => ({ path: `/responses/${id}/cancel` })
const remove = (id: string): Asked => ({ method: 'DELETE', path: `/responses/${id}` })
const resume = (id: string, after = 0) => get(id, `?stream=true&starting_after=${after}`)

export const lifecycleCases = [
  defineCase({
    rule: 'response-not-found',
    name: 'GET of an unknown id / of a known one',
    history: made({}),
    refused: () => get('resp_unknown'),
    accepted: ([id]) => get(id),
    ...notFound,
  }),
  defineCase({
    rule: 'response-not-found',
    name: 'GET of store:false / of store:true',
    history: made({ store: false }, { store: true }),
    refused: ([dropped]) => get(dropped),
    accepted: ([, kept]) => get(kept),
    ...notFound,
  }),
  defineCase({
    rule: 'response-not-found',
    name: 'DELETE again / at first',
    async history(before) {
      const [gone, kept] = await made({}, {})(before)
      await before.ask(remove(gone))
      return { gone, kept }
    },
    refused: ({ gone }) => remove(gone),
    accepted: ({ kept }) => remove(kept),
    ...notFound,
  }),
  defineCase({
    rule: 'response-deleted',
    name: 'GET after DELETE where deletedResponse is deleted / before it',
    setup: () => ({ facts: { deletedResponse: 'deleted' } }),
    async history(before) {
      const [gone, kept] = await made({}, {})(before)
      await before.ask(remove(gone))
      return { gone, kept }
    },
    refused: ({ gone }) => get(gone),
    accepted: ({ kept }) => get(kept),
    ...refusedPlainly,
  }),
  defineCase({
    rule: 'cancel-background-only',
    name: 'cancel of a finished foreground response / of a queued background one',
    history: made({}, { background: true }),
    refused: ([foreground]) => cancel(foreground),
    accepted: ([, background]) => cancel(background),
    ...refusedPlainly,
  }),
  defineCase({
    rule: 'cancel-running-only',
    name: 'cancel of a completed background response, streamed / not streamed',
    async history(before) {
      const ids = await made({ background: true, stream: true }, { background: true })(before)
      for (let poll = 0; poll < 2; poll++) for (const id of ids) await before.ask(get(id))
      return ids
    },
    refused: ([streamed]) => cancel(streamed),
    accepted: ([, plain]) => cancel(plain),
    ...refusedPlainly,
  }),
  defineCase({
    rule: 'cancel-running-only',
    name: 'cancel of a completed background response where cancelCompleted is refuse / accept',
    setup: () => ({ facts: { cancelCompleted: 'refuse', backgroundAdvance: 'create' } }),
    acceptedSetup: () => ({ facts: { cancelCompleted: 'accept', backgroundAdvance: 'create' } }),
    history: made({ background: true }),
    refused: ([id]) => cancel(id),
    accepted: ([id]) => cancel(id),
    ...refusedPlainly,
  }),
  defineCase({
    rule: 'delete-ended-only',
    name: 'DELETE of a running background response where deleteRunning is refuse / accept',
    setup: () => ({ facts: { deleteRunning: 'refuse' } }),
    acceptedSetup: () => ({}),
    history: made({ background: true }),
    refused: ([id]) => remove(id),
    accepted: ([id]) => remove(id),
    ...refusedPlainly,
  }),
  defineCase({
    rule: 'background-is-stored',
    name: 'background without store where backgroundUnstored is refuse / accept',
    setup: () => ({ facts: { backgroundUnstored: 'refuse' } }),
    acceptedSetup: () => ({}),
    refused: () => createRequest({ background: true, store: false }),
    accepted: () => createRequest({ background: true, store: false }),
    status: 400,
    code: 'unsupported_parameter',
    param: 'background',
  }),
]

export const resumeCases = [
  defineCase({
    rule: 'resume-background-only',
    name: 'resuming a foreground response / a background one',
    history: made({ stream: true }, { stream: true, background: true }),
    refused: ([foreground]) => resume(foreground),
    accepted: ([, background]) => resume(background),
    ...notStreamed,
    code: 'invalid_request_error',
  }),
  defineCase({
    rule: 'resume-streamed-only',
    name: 'resuming a background response made without stream / with it',
    history: made({ background: true }, { stream: true, background: true }),
    refused: ([plain]) => resume(plain),
    accepted: ([, streamed]) => resume(streamed),
    ...notStreamed,
  }),
  defineCase({
    rule: 'resume-within-five-minutes',
    name: 'resuming after more than five minutes / after five',
    async history(before) {
      const [id] = await made({ stream: true, background: true })(before)
      before.forward(300_000)
      return { id, before }
    },
    refused: ({ id, before }) => {
      before.forward(1)
      return resume(id)
    },
    accepted: ({ id }) => resume(id),
    ...notStreamed,
  }),
  defineCase({
    rule: 'resume-before-the-end',
    name: 'resuming past the end where resumePastEnd is refuse / empty',
    setup: () => ({ facts: { resumePastEnd: 'refuse' } }),
    acceptedSetup: () => ({}),
    history: made({ stream: true, background: true }),
    refused: ([id]) => resume(id, 10_000),
    accepted: ([id]) => resume(id, 10_000),
    status: 400,
    code: 'invalid_value',
    param: 'starting_after',
  }),
]
