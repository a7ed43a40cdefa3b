import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { created, streamed } from '../testing/exchanges.ts'
import { sharedRecordings } from '../testing/recorded-streams.ts'
import { sharedFolder } from '../testing/shared.ts'
import { message } from '../testing/streamed-items.ts'
import { allQuirks, allRules, checkRecordings } from './recordings.ts'

const whole = streamed({}, { items: [message('msg_1', [{ text: 'Hi' }])] })
const text = 'sse' in whole.response.body ? whole.response.body.sse : ''
const withText = (sse: string, more: { exact?: boolean; cut?: 'client' | 'upstream' } = {}) => ({
  ...whole,
  response: { ...whole.response, body: { sse, exact: true, ...more } },
})
const end = text.indexOf('event: response.completed')

describe('a file of recordings', () => {
  test('that keeps every rule has no findings', () => {
    expect(checkRecordings([created(), whole])).toEqual({ breaches: [], quirks: [] })
  })

  test('tells exchange and stream event of each breach', () => {
    const cut = withText(text.slice(0, end))
    expect(checkRecordings([created({}, { usage: null }), cut]).breaches).toMatchObject([
      { rule: 'response-usage', exchange: 0 },
      { rule: 'terminal-present', exchange: 1, event: 7 },
    ])
  })

  test('whose client left is not asked for the end of its stream', () => {
    expect(checkRecordings([withText(text.slice(0, end), { cut: 'client' })]).breaches).toEqual([])
    const broken = checkRecordings([withText(text.slice(0, end), { cut: 'upstream' })])
    expect(broken.breaches.map(({ rule }) => rule)).toEqual(['terminal-present'])
  })

  test('has wire quirks only where the wire text was kept', () => {
    const crlf = text.replaceAll('\n', '\r\n')
    expect(checkRecordings([withText(crlf)]).quirks).toMatchObject([
      { quirk: 'wire-carriage-return', exchange: 0 },
    ])
    expect(checkRecordings([withText(crlf, { exact: false })]).quirks).toEqual([])
  })
})

test('rules and quirks have ids of their own', () => {
  const ids = [...allRules, ...allQuirks].map(({ id }) => id)
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
})

const shared = sharedFolder()

describe.runIf(shared)('the measured grammar and the recordings (needs ../shared)', () => {
  test('every row of GRAMMAR.md is the source of a rule or a quirk', () => {
    const page = readFileSync(join(shared ?? '', 'recordings', 'GRAMMAR.md'), 'utf8')
    const rows = new Set([...page.matchAll(/^\| ([RGJ]\d\d[a-z]?) /gm)].map(([, row]) => row ?? ''))
    const sources = [...allRules, ...allQuirks].map(({ source }) => source).join(' ')
    expect(rows.size).toBeGreaterThan(80)
    expect([...rows].filter((row) => !sources.includes(row))).toEqual([])
  })

  test('the recordings break nothing', () => {
    const broken = sharedRecordings(shared ?? '').flatMap(({ id, recordings }) =>
      checkRecordings(recordings).breaches.map((breach) => ({ id, ...breach })),
    )
    expect(broken).toEqual([])
  })
})
