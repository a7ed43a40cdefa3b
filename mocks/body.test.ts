import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { type BodyAct, streamActs } from './body.ts'

const sent = { send: new TextEncoder().encode('one') }
const closings: BodyAct[] = ['end', 'reset']

test.each(closings)('a body that came to its %s listens to its signal no more', async (closing) => {
  const { signal } = new AbortController()
  const body = streamActs([sent, closing], {}, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  await new Response(body).text().catch(() => undefined)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('nor does one that was cancelled', async () => {
  const { signal } = new AbortController()
  await streamActs([sent, 'stall'], {}, signal).cancel()
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test.each(closings)('an abort reaches a body whose %s has come and is not read yet', async (closing) => {
  const control = new AbortController()
  const body = streamActs([sent, closing], {}, control.signal)
  control.abort(new Error('gone'))
  await expect(new Response(body).text()).rejects.toThrow('gone')
})
