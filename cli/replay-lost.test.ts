import { expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { replayLost } from './testing/lost-runtimes.ts'

it.each([
  ['crashes when it is opened', 'sessions'],
  ['loops at import', 'of-nobody'],
] as const)(
  'a replay ends with a fault where its promise could not be seen: the runtime %s, %s',
  async (loss, scenario) => {
    expect(await replayLost(loss, { scenario })).toBe(exitCodes.harness)
  },
)
