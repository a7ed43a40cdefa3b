import { describe, expect, test } from 'vitest'
import { SHELL, STANDARD } from '../testing/broken-streams/edits.ts'
import { brokenEndings } from '../testing/broken-streams/endings.ts'
import { brokenItems } from '../testing/broken-streams/items.ts'
import { brokenOpenings } from '../testing/broken-streams/opening.ts'
import { brokenParts } from '../testing/broken-streams/parts.ts'
import { checkStream, createStreamChecker, streamRules } from './stream.ts'

const broken = [...brokenOpenings, ...brokenItems, ...brokenParts, ...brokenEndings]

describe('each rule', () => {
  test.each([
    ['reasoning, message, call', STANDARD],
    ['shell', SHELL],
  ])('the streams that the examples spoil are legal: %s', (_, events) => {
    expect(checkStream(events, { startingAfter: null })).toEqual({ breaches: [], quirks: [] })
  })

  test.each(broken)('$rule: $how', ({ rule, events, startingAfter }) => {
    const { breaches } = checkStream(events, { startingAfter: startingAfter ?? null })
    expect(breaches[0]?.rule, JSON.stringify(breaches)).toBe(rule)
  })

  test('has an example', () => {
    const covered = new Set(broken.map(({ rule }) => rule))
    expect(streamRules.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([])
  })
})

describe('a checker that is fed as the stream comes', () => {
  test.each(broken)('says the same as checkStream: $rule, $how', ({ events, startingAfter }) => {
    const options = { startingAfter: startingAfter ?? null }
    const checker = createStreamChecker(options)
    const told = [...events.flatMap((event) => checker.push(event)), ...checker.end()]
    expect(told).toEqual(checkStream(events, options).breaches)
    expect(checker.findings().breaches).toEqual(told)
  })

  test('names the event at which a breach shows, and leaves the events as they were', () => {
    const events = STANDARD.toSpliced(4, 1)
    const before = JSON.stringify(events)
    expect(checkStream(events).breaches[0]).toMatchObject({ rule: 'sequence-gapless', at: 4 })
    expect(JSON.stringify(events)).toBe(before)
  })
})
