import { expect, test } from 'vitest'
import { benchGrammar } from './grammar.ts'

test('the grammar benchmark checks legal streams and counts their events', async () => {
  const { eventsPerSecond, events, streams, rounds } = await benchGrammar(1)
  expect(eventsPerSecond).toBeGreaterThan(0)
  expect(events).toBeGreaterThan(streams * 5)
  expect(rounds).toBe(1)
})
