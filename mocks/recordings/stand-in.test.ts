import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTransport } from '../transports.ts'
import { createPlayback } from './playback.ts'
import { createStandIns, fitsStandIn, isRemoved } from './stand-in.ts'
import type { Recording } from './types.ts'

describe('stand-ins', () => {
  test('an equal value gets an equal one, another value another one, each as long as the value', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 12, maxLength: 60 })), (values) => {
        const standIns = createStandIns()
        const given = values.map(standIns.giveAsLong)
        expect(values.map(standIns.giveAsLong)).toEqual(given)
        expect(new Set(given).size).toBe(values.length)
        expect(given.map(({ length }) => length)).toEqual(values.map(({ length }) => length))
      }),
    )
  })

  test('fit what they replaced: alone, inside a text, inside JSON in a text', () => {
    for (const [recorded, received] of [
      ['removed-0001', 'aB3dE6gH'],
      ['removed-0001', 1234],
      ['a removed-0001 b removed-0002', 'a x b y'],
      ['{"pin":"removed-0001"}', '{"pin":1234}'],
      ['{"a":"{\\"pin\\":\\"removed-0001\\"}"}', '{"a":"{\\"pin\\":1234}"}'],
    ] as const)
      expect(fitsStandIn(recorded, received)).toBe(true)
    for (const [recorded, received] of [
      ['removed-0001', null],
      ['removed-0001', { a: 1 }],
      ['removed', 'x'],
      ['a removed-0001 b', 'a x c'],
      ['aa removed-0001 aa', 'aa'],
      ['a removed-0001 b removed-0002 c', 'a c'],
      [undefined, 'x'],
    ] as const)
      expect([recorded, received, fitsStandIn(recorded, received as string)]).toEqual([
        recorded,
        received,
        false,
      ])
  })

  test('a text that fits is compared in linear time', () => {
    const recorded = 'a removed-0001 '.repeat(2000)
    expect(fitsStandIn(`${recorded}b`, 'a '.repeat(500_000))).toBe(false)
  })

  test('what others write in place of a credential counts as removed', () => {
    for (const text of ['removed-0001', '<redacted>', '[REDACTED]', 'FILTERED', '*****'])
      expect(isRemoved(text)).toBe(true)
    for (const text of ['redaction', 'redacted-0001', '<b>', 'removed-0001 and more'])
      expect(isRemoved(text)).toBe(false)
  })

  test('a client with its real credentials gets the answer that was recorded with stand-ins', async () => {
    const recording = (authorization: string, said: string): Recording => ({
      request: {
        method: 'POST',
        url: 'https://api.openai.com/v1/responses',
        headers: {},
        body: { input: 'hi', tools: [{ type: 'mcp', authorization }] },
        recorded: true,
      },
      response: { status: 200, headers: {}, body: { json: { said } } },
    })
    const { handlers, mismatches } = createPlayback([
      {
        schema: 1,
        id: 'a',
        recordings: [recording('removed-0001', 'first'), recording('removed-0001', 'second')],
      },
    ])
    const { fetch: ask, baseURL } = await openTransport('fetch', handlers)
    const post = async (input: string) => {
      const body = JSON.stringify({ input, tools: [{ type: 'mcp', authorization: 'the real one' }] })
      return (await ask?.(`${baseURL}/responses`, { method: 'POST', body }))?.json()
    }
    expect(await post('hi')).toEqual({ said: 'first' })
    expect(await post('other')).toMatchObject({ error: { code: 'recording_mismatch' } })
    expect(await post('hi')).toEqual({ said: 'second' })
    expect(mismatches[0]?.difference).toEqual({ path: '$.input', recorded: 'hi', received: 'other' })
  })
})
