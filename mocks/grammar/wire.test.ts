import { describe, expect, test } from 'vitest'
import { STANDARD } from '../testing/broken-streams/edits.ts'
import { formatSse } from '../testing/format-sse.ts'
import { readSharedRecordings } from '../testing/recorded-streams.ts'
import { findSharedFolder } from '../testing/shared-folder.ts'
import { checkWire, parseSseEvents, readStartingAfter, wireQuirks } from './wire.ts'

const wire = STANDARD.map(({ data }) => {
  const { type, ...rest } = data as { type: string }
  return formatSse({ type, ...rest })
}).join('')

const departures: [string, string][] = [
  ['wire-carriage-return', wire.replaceAll('\n', '\r\n')],
  ['wire-comment', `: ping\n\n${wire}`],
  ['wire-frame-form', wire.replace('event: response.created\n', '')],
  ['wire-frame-form', `id: 7\n${wire}`],
  ['wire-type-not-first', wire.replace('{"type"', '{"kind":1,"type"')],
]

describe('wire text', () => {
  test("in the service's own spelling has no quirk, and gives its events", () => {
    expect(checkWire(wire)).toEqual([])
    expect(parseSseEvents(wire)).toEqual(STANDARD)
  })

  test.each(departures)('shows %s', (quirk, text) => {
    expect(checkWire(text).map((found) => found.quirk)).toEqual([quirk])
  })

  test('has an example of each quirk', () => {
    expect(new Set(departures.map(([quirk]) => quirk))).toEqual(new Set(wireQuirks.map(({ id }) => id)))
  })

  test('counts a quirk and says where it showed first', () => {
    const text = wire.replaceAll('{"type"', '{ "type"')
    expect(checkWire(text)).toMatchObject([{ quirk: 'wire-type-not-first', at: 0, times: STANDARD.length }])
  })

  test('that is no JSON stays a string', () => {
    expect(parseSseEvents('data: [DONE]\n\n')).toEqual([{ data: '[DONE]' }])
  })
})

test.each([
  ['https://h/v1/responses/resp_1?stream=true&starting_after=12', 12],
  ['/responses/resp_1?starting_after=0&stream=true', 0],
  ['/responses', null],
  ['/responses/resp_1?starting_after=', null],
])('starting_after of %s is %s', (url, expected) => {
  expect(readStartingAfter(url)).toBe(expected)
})

const shared = findSharedFolder()

describe.runIf(shared)('recorded wire text (needs ../shared)', () => {
  test('has neither carriage returns nor comments, and one form of frame', () => {
    const texts = readSharedRecordings(shared ?? '').flatMap(({ recordings }) =>
      recordings.flatMap(({ response: { body } }) => ('sse' in body && body.exact ? [body.sse] : [])),
    )
    expect(texts.length).toBeGreaterThan(50)
    const quirks = new Set(texts.flatMap((text) => checkWire(text).map(({ quirk }) => quirk)))
    expect([...quirks]).toEqual([])
  })
})
